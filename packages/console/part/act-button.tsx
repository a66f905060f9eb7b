import { Button, Popover } from "@patternfly/react-core";
import TerminalIcon from "@patternfly/react-icons/dist/esm/icons/terminal-icon";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAct, type Action } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { EquivalentsList } from "./equivalents.tsx";
import { FaultLink } from "./fault-link.tsx";

export interface ActButtonProps {
  readonly action: Action;
  readonly label: string;
  readonly isDanger?: boolean;
}

/** Does one thing at once, and tells how else it is done; an error stays beside it. */
export function ActButton({
  action,
  label,
  isDanger = false,
}: ActButtonProps): ReactElement | null {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const { mutate, isPending, error, reset } = useAct();
  if (readOnly) return null;
  return (
    <span className="vireo-life">
      <FaultLink error={error} onRead={reset} />
      <Button
        variant="secondary"
        size="sm"
        isDanger={isDanger}
        isLoading={isPending}
        isDisabled={isPending}
        onClick={() => mutate(action)}
      >
        {label}
      </Button>
      <Popover
        minWidth="min(480px, 90vw)"
        headerContent={t("action.same")}
        bodyContent={<EquivalentsList action={action} />}
      >
        <Button
          variant="plain"
          size="sm"
          icon={<TerminalIcon />}
          aria-label={t("action.of", { action: t("action.same"), name: label })}
        />
      </Popover>
    </span>
  );
}
