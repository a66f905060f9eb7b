import {
  Button,
  Checkbox,
  EmptyState,
  Label,
  TextInput,
  TreeView,
  type TreeViewDataItem,
} from "@patternfly/react-core";
import { useQueries } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAct, useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";
import { PromptButton } from "../part/prompt-button.tsx";
import type { DomainTabProps } from "./domain-tab.ts";

type Found = OperationOutput<"domainSnapshot", "find">;

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function Take({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useAct();
  const [name, setName] = useState("");
  const [diskOnly, setDiskOnly] = useState(false);
  const input = {
    domain: { uuid: domain.uuid },
    xml: `<domainsnapshot>${name === "" ? "" : `<name>${escaped(name)}</name>`}</domainsnapshot>`,
    ...(diskOnly ? { diskOnly } : {}),
  };
  const action = { operation: "domainSnapshot.create", input };
  return (
    <form
      className="vireo-line"
      onSubmit={(event) => {
        event.preventDefault();
        mutate(action, { onSuccess: () => setName("") });
      }}
    >
      <span>
        <TextInput
          aria-label={`${t("snapshot.take")}: ${t("list.name")}`}
          placeholder={t("list.name")}
          value={name}
          onChange={(_event, value) => setName(value)}
        />
      </span>
      <Checkbox
        id="disk-only"
        label={t("snapshot.diskOnly")}
        isChecked={diskOnly}
        onChange={(_event, on) => setDiskOnly(on)}
      />
      <Button type="submit" isLoading={isPending}>
        {t("snapshot.take")}
      </Button>
      <Equivalents action={action} />
      <Fault error={error} />
    </form>
  );
}

function Actions({ domain, name }: DomainTabProps & { readonly name: string }): ReactElement {
  const { t } = useTranslation();
  const input = { domain: { uuid: domain.uuid }, name };
  return (
    <span className="vireo-life">
      <PromptButton
        title={t("snapshot.revert", { name })}
        action={{ operation: "domainSnapshot.revert", input }}
        confirm={t("action.revert")}
        isDanger
        name={name}
      >
        {t("snapshot.revertWhat")}
      </PromptButton>
      <PromptButton
        title={t("undefine.title", { name })}
        action={{ operation: "domainSnapshot.delete", input }}
        confirm={t("action.undefine")}
        isDanger
        name={name}
      >
        {t("snapshot.deleteWhat")}
      </PromptButton>
    </span>
  );
}

/** Each snapshot below the one it came from. */
function treeOf(
  found: readonly Found[],
  parent: string | undefined,
  shown: (one: Found) => TreeViewDataItem,
): TreeViewDataItem[] {
  return found
    .filter((one) => one.parent === parent)
    .map((one) => {
      const children = treeOf(found, one.name, shown);
      return {
        ...shown(one),
        ...(children.length === 0 ? {} : { children, defaultExpanded: true }),
      };
    });
}

/** The moments that are kept, as a tree. */
export function SnapshotsTab({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { client, readOnly } = useSession();
  const about = { domain: { uuid: domain.uuid } };
  const { data: names = [], error } = useAsk(["domainSnapshot", "list"], { ...about, deep: true });
  const found = useQueries({
    queries: names.map((name) => ({
      queryKey: ["domainSnapshot", "find", { ...about, name }],
      queryFn: () => client.domainSnapshot.find({ ...about, name }),
    })),
    combine: (answers) => answers.flatMap(({ data }) => (data === undefined ? [] : [data])),
  });
  const data = treeOf(found, undefined, ({ name, current }) => ({
    id: name,
    name: (
      <>
        {name} {current ? <Label isCompact>{t("snapshot.current")}</Label> : null}
      </>
    ),
    action: readOnly ? null : <Actions domain={domain} name={name} />,
  }));
  return (
    <>
      <Fault error={error} />
      {readOnly ? null : <Take domain={domain} />}
      {data.length === 0 ? (
        <EmptyState titleText={t("snapshot.none")} headingLevel="h2" />
      ) : (
        <TreeView data={data} aria-label={t("domain.snapshots")} />
      )}
    </>
  );
}
