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

type FieldProps = Omit<TextFieldProps, 'children'> & {
  label: string;
  /** What stands below: an explanation. */
  hint?: ReactNode;
  /** Sentences that say what is wrong. */
  errors?: string[] | undefined;
  /** Lines of a text area; one line is an input. */
  rows?: number;
};

/** A labelled text, with what is wrong said beside it and to those who can't see it. */
export function Field({ label, hint, errors = [], rows = 1, ...props }: FieldProps) {
  return (
    <TextField {...props} isInvalid={errors.length > 0} className="field" validationBehavior="aria">
      <Label>{label}</Label>
      {rows > 1 ? <TextArea rows={rows} spellCheck={false} /> : <Input />}
      {hint && <Text slot="description">{hint}</Text>}
      <FieldError>
        {errors.map((sentence) => (
          <span key={sentence}>{sentence}</span>
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
