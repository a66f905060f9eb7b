import { Button } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../data/session-context.ts";

/** Leads to the form of a new domain. */
export function CreateButton(): ReactElement | null {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  if (readOnly) return null;
  return (
    <Button component={(props: object) => <Link {...props} to="/create" />}>
      {t("nav.create")}
    </Button>
  );
}
