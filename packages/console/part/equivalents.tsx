import { ClipboardCopy, Popover, Button } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { equivalentsOf } from "../data/equivalent.ts";
import type { Action } from "../data/operation.ts";

/** The same action as a command: for learning, scripts and trust. */
export function Equivalents({ action }: { readonly action: Action }): ReactElement {
  const { t } = useTranslation();
  const forms = Object.entries(equivalentsOf(action));
  return (
    <Popover
      minWidth="min(480px, 90vw)"
      headerContent={t("action.same")}
      bodyContent={forms.map(([form, text]: readonly [string, string]) => (
        <ClipboardCopy
          key={form}
          isReadOnly
          isCode
          hoverTip={t("action.copy")}
          textAriaLabel={form}
          className="pf-v6-u-mb-sm"
        >
          {text}
        </ClipboardCopy>
      ))}
    >
      <Button variant="link" isInline>
        {t("action.same")} …
      </Button>
    </Popover>
  );
}
