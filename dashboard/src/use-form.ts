import { type FormEvent, useState } from 'react';
import { flushSync } from 'react-dom';
import { ApiError } from './api.ts';
import { useUnsaved } from './router.ts';
import { sentenceOf } from './use-load.ts';

/** A form: its values, its errors, and the result of saving it. */
export type Form<T> = {
  values: T;
  set: <K extends keyof T>(name: K) => (value: T[K]) => void;
  /** Sentences about a field, or about a part of it such as `rules.0.url`. */
  errors: (name: string) => string[];
  submit: (event: FormEvent<HTMLFormElement>) => void;
  busy: boolean;
  saved: boolean;
  problem: string;
};

/** @param save receives the current and the previous values, and returns the values after saving */
export function useForm<T extends object>(initial: T, save: (values: T, before: T) => Promise<T>): Form<T> {
  const [kept, setKept] = useState(initial);
  const [values, setValues] = useState(initial);
  const [fields, setFields] = useState<Record<string, string[]>>({});
  const [state, setState] = useState({ busy: false, saved: false, problem: '' });
  useUnsaved(JSON.stringify(kept) !== JSON.stringify(values));
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setState({ busy: true, saved: false, problem: '' });
    try {
      const after = await save(values, kept);
      setKept(after);
      setValues(after);
      setFields({});
      setState({ busy: false, saved: true, problem: '' });
    } catch (error) {
      const known = error instanceof ApiError ? error.fields : {};
      const problem =
        Object.keys(known).length > 0 ? 'Nothing was saved. Correct the marked fields.' : sentenceOf(error);
      // Rendered synchronously. Otherwise React might not have marked the fields yet, and the focus would have no
      // target.
      flushSync(() => {
        setFields(known);
        setState({ busy: false, saved: false, problem });
      });
      // Moves the focus to the first wrong field.
      form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  };
  return {
    values,
    set: (name) => (value) => {
      setValues((before) => ({ ...before, [name]: value }));
      setState((before) => ({ ...before, saved: false }));
    },
    errors: (name) => fields[name] ?? [],
    submit,
    ...state,
  };
}
