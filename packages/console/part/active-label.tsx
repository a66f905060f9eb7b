import { Label } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";

/** Whether a pool or network is in use. */
export function ActiveLabel({ active }: { readonly active: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <Label color={active ? "green" : "grey"} isCompact>
      {t(active ? "storage.active" : "storage.inactive")}
    </Label>
  );
}
