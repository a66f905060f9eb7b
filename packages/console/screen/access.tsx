import {
  Alert,
  Button,
  Checkbox,
  ClipboardCopy,
  PageSection,
  TextInput,
  Title,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAct, useAsk } from "../data/operation.ts";
import { Fault } from "../part/fault.tsx";
import { PromptButton } from "../part/prompt-button.tsx";

interface NewProps {
  readonly operation: "user.create" | "token.create";
  readonly label: string;
}

/** A token's secret is shown once, here. */
function New({ operation, label }: NewProps): ReactElement {
  const { t } = useTranslation();
  const { mutate, error, data } = useAct();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [readOnly, setReadOnly] = useState(false);
  const isUser = operation === "user.create";
  const made = isUser ? undefined : (data as OperationOutput<"token", "create"> | undefined); // of token.create
  const create = (): void =>
    mutate(
      { operation, input: { name, readOnly, ...(isUser ? { password } : {}) } },
      {
        onSuccess: () => {
          setName("");
          setPassword("");
        },
      },
    );
  return (
    <>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem>
            <TextInput
              aria-label={`${label}: ${t("list.name")}`}
              placeholder={t("list.name")}
              value={name}
              onChange={(_event, value) => setName(value)}
            />
          </ToolbarItem>
          {isUser ? (
            <ToolbarItem>
              <TextInput
                type="password"
                autoComplete="new-password"
                aria-label={`${label}: ${t("session.password")}`}
                placeholder={t("session.password")}
                value={password}
                onChange={(_event, value) => setPassword(value)}
              />
            </ToolbarItem>
          ) : null}
          <ToolbarItem alignSelf="center">
            <Checkbox
              id={`read-only-${operation}`}
              label={t("session.readOnly")}
              isChecked={readOnly}
              onChange={(_event, on) => setReadOnly(on)}
            />
          </ToolbarItem>
          <ToolbarItem>
            <Button isDisabled={name === "" || (isUser && password === "")} onClick={create}>
              {label}
            </Button>
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <Fault error={error} />
      {made === undefined ? null : (
        <Alert isInline variant="success" title={t("access.secret", { name: made.name })}>
          <ClipboardCopy isReadOnly isCode textAriaLabel={made.name}>
            {made.secret}
          </ClipboardCopy>
        </Alert>
      )}
    </>
  );
}

interface HoldersProps {
  readonly kind: "user" | "token";
  readonly holders: readonly {
    readonly name: string;
    readonly readOnly: boolean;
    readonly expiresAt?: number | undefined;
  }[];
}

function Holders({ kind, holders }: HoldersProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Table aria-label={t(`access.${kind}s`)} variant="compact">
      <Thead>
        <Tr>
          <Th>{t("list.name")}</Th>
          <Th>{t("access.rights")}</Th>
          <Th>{t("access.ends")}</Th>
          <Th screenReaderText={t("list.actions")} />
        </Tr>
      </Thead>
      <Tbody>
        {holders.map(({ name, readOnly, expiresAt }) => (
          <Tr key={name}>
            <Td>{name}</Td>
            <Td>{t(readOnly ? "session.readOnly" : "access.all")}</Td>
            <Td>{expiresAt === undefined ? "–" : new Date(expiresAt).toLocaleString()}</Td>
            <Td isActionCell>
              <PromptButton
                title={t("undefine.title", { name })}
                action={{ operation: `${kind}.delete`, input: { [kind]: { name } } }}
                confirm={t("action.undefine")}
                isDanger
              />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

export function Access(): ReactElement {
  const { t } = useTranslation();
  const users = useAsk(["user", "list"], {});
  const tokens = useAsk(["token", "list"], {});
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t("nav.access")}</Title>
      <Title headingLevel="h2">{t("access.users")}</Title>
      <Fault error={users.error} />
      <Holders kind="user" holders={users.data ?? []} />
      <New operation="user.create" label={t("access.newUser")} />
      <Title headingLevel="h2">{t("access.tokens")}</Title>
      <Fault error={tokens.error} />
      <Holders kind="token" holders={tokens.data ?? []} />
      <New operation="token.create" label={t("access.newToken")} />
    </PageSection>
  );
}
