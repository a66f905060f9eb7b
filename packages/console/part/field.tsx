import { FormGroup, FormSelect, FormSelectOption, TextInput } from "@patternfly/react-core";
import type { ReactElement, ReactNode } from "react";

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly children: ReactNode;
}

export const Field = ({ id, label, children }: FieldProps): ReactElement => (
  <FormGroup fieldId={id} label={label}>
    {children}
  </FormGroup>
);

export interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: "text" | "number" | "password";
  readonly placeholder?: string;
}

export const TextField = (props: TextFieldProps): ReactElement => {
  const { id, label, value, onChange, type = "text", placeholder } = props;
  return (
    <Field id={id} label={label}>
      <TextInput
        id={id}
        type={type}
        value={value}
        {...(type === "number" ? { min: "0", step: "any" } : {})}
        {...(type === "password" ? { autoComplete: "new-password" } : {})}
        {...(placeholder === undefined ? {} : { placeholder })}
        onChange={(_event, typed) => onChange(typed)}
      />
    </Field>
  );
};

/** What is stored, and what is read. */
export type Option = readonly [value: string, label: string];

export interface ChoiceFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

export const ChoiceField = (props: ChoiceFieldProps): ReactElement => {
  const { id, label, value, options, onChange } = props;
  return (
    <Field id={id} label={label}>
      <FormSelect id={id} value={value} onChange={(_event, chosen) => onChange(chosen)}>
        {options.map(([one, text]) => (
          <FormSelectOption key={one} value={one} label={text} />
        ))}
      </FormSelect>
    </Field>
  );
};
