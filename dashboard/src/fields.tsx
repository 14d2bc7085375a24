import type { ReactNode } from 'react';
import {
  Checkbox,
  type CheckboxProps,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField,
  type TextFieldProps,
} from 'react-aria-components';
import { lines } from '../../lambdas/text.ts';

type FieldProps = Omit<TextFieldProps, 'children'> & {
  label: string;
  /** An explanation below the field. */
  hint?: ReactNode;
  /** Sentences that say what is wrong. */
  errors?: string[] | undefined;
  /** The number of lines of a text area. One line is an input. */
  rows?: number;
};

/** An error about one line of a text, as the API words it: `line 2 must …`. */
const LINE = /^line (\d+) (.*)$/;

/** Adds a capital letter and a full stop. The API's sentences follow the name of a field, but here they stand alone. */
function standalone(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1) + (sentence.endsWith('.') ? '' : '.');
}

/** An error sentence. A sentence about a line shows that line. */
function Problem({ sentence, value }: { sentence: string; value: string }) {
  const [, number, rest] = LINE.exec(sentence) ?? [];
  if (number === undefined) return <span>{standalone(sentence)}</span>;
  const line = lines(value)[Number(number) - 1]?.trim();
  return (
    <span>
      <strong>Line {number}</strong> <code>{line}</code> {rest}.
    </span>
  );
}

/** A labelled text field. Errors are shown next to it and announced by screen readers. */
export function Field({ label, hint, errors = [], rows = 1, ...props }: FieldProps) {
  return (
    <TextField {...props} isInvalid={errors.length > 0} className="field" validationBehavior="aria">
      <Label>{label}</Label>
      {rows > 1 ? <TextArea rows={rows} spellCheck={false} /> : <Input />}
      {hint && <Text slot="description">{hint}</Text>}
      <FieldError>
        {errors.map((sentence) => (
          <Problem key={sentence} sentence={sentence} value={props.value ?? ''} />
        ))}
      </FieldError>
    </TextField>
  );
}

/** A labelled checkbox. */
export function Check({ label, ...props }: CheckboxProps & { label: string }) {
  return (
    <Checkbox {...props} className="check">
      <span className="box" aria-hidden="true" />
      {label}
    </Checkbox>
  );
}
