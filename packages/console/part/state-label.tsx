import { Label, type LabelProps } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { DomainStateName } from "@vireo/model/operation/domain-value";

const STATUS: Readonly<Record<DomainStateName, NonNullable<LabelProps["color"]>>> = {
  nostate: "grey",
  running: "green",
  blocked: "orange",
  paused: "yellow",
  shutdown: "orange",
  shutoff: "grey",
  crashed: "red",
  pmsuspended: "blue",
};

export function StateLabel({ state }: { readonly state: DomainStateName }): ReactElement {
  const { t } = useTranslation();
  return (
    <Label color={STATUS[state]} isCompact>
      {t(`state.${state}`)}
    </Label>
  );
}
