import { type FormEvent, useState } from 'react';
import { ApiError } from './api.ts';
import { useUnsaved } from './router.ts';
import { sentenceOf } from './use-load.ts';

/** A form: what is in it, what is wrong with it, and what became of saving it. */
export type Form<T> = {
  values: T;
  set: <K extends keyof T>(name: K) => (value: T[K]) => void;
  errors: (name: keyof T) => string[];
  submit: (event: FormEvent) => void;
  busy: boolean;
  changed: boolean;
  /** What to say when it was saved, or could not be. */
  saved: boolean;
  problem: string;
};

/** @param save gives the values as they are once saved */
export function useForm<T extends object>(initial: T, save: (values: T) => Promise<T>): Form<T> {
  const [kept, setKept] = useState(initial);
  const [values, setValues] = useState(initial);
  const [fields, setFields] = useState<Record<string, string[]>>({});
  const [state, setState] = useState({ busy: false, saved: false, problem: '' });
  const changed = JSON.stringify(kept) !== JSON.stringify(values);
  useUnsaved(changed);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setState({ busy: true, saved: false, problem: '' });
    try {
      const after = await save(values);
      setKept(after);
      setValues(after);
      setFields({});
      setState({ busy: false, saved: true, problem: '' });
    } catch (error) {
      const known = error instanceof ApiError ? error.fields : {};
      setFields(known);
      const problem = Object.keys(known).length > 0 ? 'Nothing was saved: see the fields' : sentenceOf(error);
      setState({ busy: false, saved: false, problem });
    }
  };
  return {
    values,
    set: (name) => (value) => {
      setValues((before) => ({ ...before, [name]: value }));
      setState((before) => ({ ...before, saved: false }));
    },
    errors: (name) => fields[String(name)] ?? [],
    submit,
    changed,
    ...state,
  };
}
