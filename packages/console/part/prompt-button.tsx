import { Button } from "@patternfly/react-core";
import { useState, type ReactElement } from "react";
import { useSession } from "../data/session-context.ts";
import { Prompt, type PromptProps } from "./prompt.tsx";

export interface PromptButtonProps extends Omit<PromptProps, "onClose"> {
  /** For screen readers, where many buttons say the same. */
  readonly label?: string;
}

/** A button that asks before it does. */
export function PromptButton(props: PromptButtonProps): ReactElement | null {
  const { readOnly } = useSession();
  const [open, setOpen] = useState(false);
  const { confirm, isDanger = false, label } = props;
  if (readOnly) return null;
  return (
    <>
      <Button
        variant="secondary"
        size="sm"
        isDanger={isDanger}
        {...(label === undefined ? {} : { "aria-label": label })}
        onClick={() => setOpen(true)}
      >
        {confirm}
      </Button>
      {open ? <Prompt {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
