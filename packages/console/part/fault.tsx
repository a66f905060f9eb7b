import { Alert, type AlertProps } from "@patternfly/react-core";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";

export interface FaultProps {
  readonly error: unknown;
  readonly children?: ReactNode;
  readonly variant?: AlertProps["variant"];
}

export const faultText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** What went wrong, beside what it belongs to. */
export function Fault({ error, children, variant = "danger" }: FaultProps): ReactElement | null {
  const { t } = useTranslation();
  if (error === null || error === undefined) return null;
  return (
    <Alert variant={variant} isInline title={t("error.title")}>
      {faultText(error)}
      {children}
    </Alert>
  );
}
