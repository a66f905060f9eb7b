import { Alert, Button, Checkbox, ClipboardCopy, Form, ActionGroup } from "@patternfly/react-core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAct } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";
import { TextField } from "../part/field.tsx";

export interface NewHolderProps {
  readonly operation: "user.create" | "token.create";
  readonly label: string;
}

/** What the command line shows instead of a password. */
const HIDDEN = "…";

/** A token's secret is shown once, here. */
export function NewHolder({ operation, label }: NewHolderProps): ReactElement | null {
  const { t } = useTranslation();
  const session = useSession();
  const { mutate, error, data } = useAct();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [readOnly, setReadOnly] = useState(false);
  const isUser = operation === "user.create";
  const made = isUser ? undefined : (data as OperationOutput<"token", "create"> | undefined); // of token.create
  const inputWith = (secret: string) => ({
    name,
    readOnly,
    ...(isUser ? { password: secret } : {}),
  });
  const create = (): void =>
    mutate(
      { operation, input: inputWith(password) },
      {
        onSuccess: () => {
          setName("");
          setPassword("");
        },
      },
    );
  if (session.readOnly) return null;
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        create();
      }}
    >
      <TextField
        id={`name-${operation}`}
        label={`${label}: ${t("list.name")}`}
        value={name}
        onChange={setName}
      />
      {isUser ? (
        <TextField
          id={`password-${operation}`}
          type="password"
          label={`${label}: ${t("session.password")}`}
          value={password}
          onChange={setPassword}
        />
      ) : null}
      <Checkbox
        id={`read-only-${operation}`}
        label={t("session.readOnly")}
        isChecked={readOnly}
        onChange={(_event, on) => setReadOnly(on)}
      />
      <Fault error={error} />
      <ActionGroup>
        <Button type="submit" isDisabled={name === "" || (isUser && password === "")}>
          {label}
        </Button>
        <Equivalents action={{ operation, input: inputWith(HIDDEN) }} />
      </ActionGroup>
      {made === undefined ? null : (
        <Alert isInline variant="success" title={t("access.secret", { name: made.name })}>
          <ClipboardCopy isReadOnly isCode textAriaLabel={made.name}>
            {made.secret}
          </ClipboardCopy>
        </Alert>
      )}
    </Form>
  );
}
