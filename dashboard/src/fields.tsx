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
  /** What stands below: an explanation. */
  hint?: ReactNode;
  /** Sentences that say what is wrong. */
  errors?: string[] | undefined;
  /** Lines of a text area; one line is an input. */
  rows?: number;
};

/** What is wrong with one line of a text, as the API says it: `line 2 must …`. */
const LINE = /^line (\d+) (.*)$/;

/** A sentence about what is wrong; one about a line shows that line. */
function Problem({ sentence, value }: { sentence: string; value: string }) {
  const [, number, rest] = LINE.exec(sentence) ?? [];
  if (number === undefined) return <span>{sentence}</span>;
  const line = lines(value)[Number(number) - 1]?.trim();
  return (
    <span>
      <strong>line {number}</strong> <code>{line}</code> {rest}
    </span>
  );
}

/** A labelled text, with what is wrong said beside it and to those who can't see it. */
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

/** A labelled yes or no. */
export function Check({ label, ...props }: CheckboxProps & { label: string }) {
  return (
    <Checkbox {...props} className="check">
      <span className="box" aria-hidden="true" />
      {label}
    </Checkbox>
  );
}
