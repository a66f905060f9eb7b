import { Button, ClipboardCopy, Popover } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { equivalentsOf } from "../data/equivalent.ts";
import type { Action } from "../data/operation.ts";

/** An action as a command of `vireo`, virsh, the SDK and curl. */
export function EquivalentsList({ action }: { readonly action: Action }): ReactElement {
  const { t } = useTranslation();
  const forms = Object.entries(equivalentsOf(action));
  return (
    <div className="vireo-stack">
      {forms.map(([form, text]: readonly [string, string]) => (
        <ClipboardCopy
          key={form}
          isReadOnly
          isCode
          hoverTip={t("action.copy")}
          textAriaLabel={form}
        >
          {text}
        </ClipboardCopy>
      ))}
    </div>
  );
}

/** The same action as a command: for learning, scripts and trust. */
export function Equivalents({ action }: { readonly action: Action }): ReactElement {
  const { t } = useTranslation();
  return (
    <Popover
      minWidth="min(480px, 90vw)"
      headerContent={t("action.same")}
      bodyContent={<EquivalentsList action={action} />}
    >
      <Button variant="link" isInline>
        {t("action.sameAs")}
      </Button>
    </Popover>
  );
}
