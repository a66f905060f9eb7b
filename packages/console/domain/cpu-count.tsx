import { Button, TextInput } from "@patternfly/react-core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../data/operation.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";
import type { DomainTabProps } from "./domain-tab.ts";

/** How many vCPUs it has now, and the way to more or fewer. */
export function CpuCount({ domain, now }: DomainTabProps & { readonly now: number }): ReactElement {
  const { t } = useTranslation();
  const act = useAct();
  const [wanted, setWanted] = useState("");
  const input = {
    domain: { uuid: domain.uuid },
    count: Number(wanted === "" ? now : wanted),
    live: true,
  };
  return (
    <div className="vireo-line">
      <span>{t("cpu.countNow", { count: now })}</span>
      <span className="vireo-number">
        <TextInput
          type="number"
          min="1"
          aria-label={t("cpu.count")}
          placeholder={String(now)}
          value={wanted}
          onChange={(_event, typed) => setWanted(typed)}
        />
      </span>
      <Button
        variant="secondary"
        size="sm"
        isDisabled={wanted === ""}
        isLoading={act.isPending}
        onClick={() =>
          act.mutate({ operation: "domain.setVcpus", input }, { onSuccess: () => setWanted("") })
        }
      >
        {t("cpu.change")}
      </Button>
      <Equivalents action={{ operation: "domain.setVcpus", input }} />
      <Fault error={act.error} />
    </div>
  );
}
