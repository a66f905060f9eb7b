import { Button, Tooltip } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useAct, type Action } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { faultText } from "./fault.tsx";

export interface ActButtonProps {
  readonly action: Action;
  readonly label: string;
  readonly isDanger?: boolean;
}

/** Does one thing at once; an error stays beside it. */
export function ActButton({
  action,
  label,
  isDanger = false,
}: ActButtonProps): ReactElement | null {
  const { readOnly } = useSession();
  const { mutate, isPending, error } = useAct();
  if (readOnly) return null;
  const button = (
    <Button
      variant="secondary"
      size="sm"
      isDanger={isDanger || error !== null}
      isLoading={isPending}
      isDisabled={isPending}
      onClick={() => mutate(action)}
    >
      {label}
    </Button>
  );
  return error === null ? button : <Tooltip content={faultText(error)}>{button}</Tooltip>;
}
