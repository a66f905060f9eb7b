import { List, ListItem } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { Prompt } from "../part/prompt.tsx";
import { diskPaths } from "./disk-paths.ts";
import { inputOf, type LifeVerb } from "./life-actions.ts";

export interface LifePromptProps {
  readonly verb: LifeVerb;
  readonly name: string;
  readonly uuid: string;
  readonly onClose: () => void;
}

/** What goes with a definition, and what stays. */
function Undefined({ uuid, name }: Pick<LifePromptProps, "uuid" | "name">): ReactElement {
  const { t } = useTranslation();
  const { data: xml } = useAsk(["domain", "xml"], { domain: { uuid } });
  const { data: domains } = useAsk(["domain", "list"], {});
  const { managedSave = false, snapshots = 0 } = domains?.find((one) => one.uuid === uuid) ?? {};
  const paths = diskPaths(xml ?? "");
  return (
    <>
      <p>{t("undefine.what")}</p>
      <List>
        <ListItem>{t("undefine.definition", { name })}</ListItem>
        {managedSave ? <ListItem>{t("undefine.managedSave")}</ListItem> : null}
        {snapshots > 0 ? (
          <ListItem>{t("undefine.snapshots", { count: snapshots })}</ListItem>
        ) : null}
        {xml?.includes("<nvram") === true ? <ListItem>{t("undefine.nvram")}</ListItem> : null}
      </List>
      {paths.length === 0 ? null : (
        <>
          <p>{t("undefine.stays")}</p>
          <List>
            {paths.map((path) => (
              <ListItem key={path}>
                <span className="vireo-code">{path}</span>
              </ListItem>
            ))}
          </List>
        </>
      )}
    </>
  );
}

/** What is lost and what stays, before anything is lost; each asks for the name. */
export function LifePrompt({ verb, name, uuid, onClose }: LifePromptProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Prompt
      title={t("action.of", { action: t(`action.${verb}`), name })}
      action={{ operation: `domain.${verb}`, input: inputOf(verb, uuid) }}
      confirm={t(`action.${verb}`)}
      isDanger
      name={name}
      onClose={onClose}
    >
      {verb === "undefine" ? <Undefined uuid={uuid} name={name} /> : <p>{t("destroy.what")}</p>}
    </Prompt>
  );
}
