import { Button, Tooltip } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { faultText } from "./fault.tsx";

export interface FaultLinkProps {
  readonly error: unknown;
  /** Takes it away. */
  readonly onRead: () => void;
}

/** What went wrong, where there is no room for its words: told when it is pointed at, or read aloud. */
export function FaultLink({ error, onRead }: FaultLinkProps): ReactElement | null {
  const { t } = useTranslation();
  if (error === null || error === undefined) return null;
  const text = faultText(error);
  return (
    <Tooltip content={text}>
      <Button variant="link" isDanger onClick={onRead} aria-label={text}>
        {t("error.title")}
      </Button>
    </Tooltip>
  );
}
