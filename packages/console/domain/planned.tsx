import { Alert, Label, List, ListItem } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";

type Plan = OperationOutput<"domain", "plan">;

const COLOURS = { live: "green", nextBoot: "blue", replace: "red" } as const;

/** What a new definition would change, and when each change takes effect. */
export function Planned({ plan }: { readonly plan: Pick<Plan, "changes"> }): ReactElement {
  const { t } = useTranslation();
  return (
    <Alert isInline variant="info" title={t("xml.changed", { count: plan.changes.length })}>
      <List isPlain>
        {plan.changes.map(({ path, kind, old, new: next, impact, why }) => (
          <ListItem key={`${kind} ${path}`}>
            <Label isCompact color={COLOURS[impact]}>
              {t(`xml.impact.${impact}`)}
            </Label>{" "}
            {t(`xml.kind.${kind}`)} <span className="vireo-code">{path}</span>{" "}
            {old === undefined ? null : <del className="vireo-code">{old}</del>}{" "}
            {next === undefined ? null : <ins className="vireo-code">{next}</ins>}{" "}
            <span className="vireo-quiet">{why}</span>
          </ListItem>
        ))}
      </List>
    </Alert>
  );
}
