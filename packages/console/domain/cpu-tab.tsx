import { Button, EmptyState, TextInput } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAct, useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";
import { PinButton } from "./pin-button.tsx";
import type { DomainTabProps } from "./domain-tab.ts";

type VcpuState = OperationOutput<"domain", "vcpus">[number];

const EVERY_MS = 3000;
const NS_PER_S = 1e9;

interface CellProps {
  readonly vcpu: VcpuState;
  readonly cpu: number;
}

/** Dark: runs here now. Light: may run here. */
function Cell({ vcpu, cpu }: CellProps): ReactElement {
  const { t } = useTranslation();
  const here = vcpu.cpu === cpu;
  const allowed = vcpu.affinity[cpu] === true;
  const words = here ? t("cpu.here") : t(allowed ? "cpu.allowed" : "cpu.barred");
  return (
    <Td
      className={here ? "vireo-here" : allowed ? "vireo-allowed" : "vireo-barred"}
      aria-label={`${t("cpu.vcpu")} ${vcpu.number}, ${t("cpu.host")} ${cpu}: ${words}`}
      title={words}
    >
      {here ? "●" : allowed ? "○" : ""}
    </Td>
  );
}

function Count({ domain, now }: DomainTabProps & { readonly now: number }): ReactElement {
  const { t } = useTranslation();
  const act = useAct();
  const [wanted, setWanted] = useState("");
  const input = {
    domain: { uuid: domain.uuid },
    count: Number(wanted === "" ? now : wanted),
    live: true,
  };
  return (
    <p>
      {t("list.vcpus")}: {now}{" "}
      <span className="vireo-number">
        <TextInput
          type="number"
          min="1"
          aria-label={t("cpu.count")}
          placeholder={String(now)}
          value={wanted}
          onChange={(_event, typed) => setWanted(typed)}
        />
      </span>{" "}
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
      </Button>{" "}
      <Equivalents action={{ operation: "domain.setVcpus", input }} />
      <Fault error={act.error} />
    </p>
  );
}

/** Which vCPU runs where, and where it may run. */
function Picture({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const about = { domain: { uuid: domain.uuid } };
  const { data: vcpus = [], error } = useAsk(["domain", "vcpus"], about, { everyMs: EVERY_MS });
  const width = Math.max(0, ...vcpus.map(({ affinity }) => affinity.length));
  const cpus = Array.from({ length: width }, (_, cpu) => cpu);
  return (
    <>
      <Fault error={error} />
      {readOnly ? null : <Count domain={domain} now={vcpus.length} />}
      <Table variant="compact" aria-label={t("domain.cpu")}>
        <Thead>
          <Tr>
            <Th>{t("cpu.vcpu")}</Th>
            <Th>{t("list.state")}</Th>
            <Th>{t("cpu.time")}</Th>
            {cpus.map((cpu) => (
              <Th key={cpu}>{`${t("cpu.host")} ${cpu}`}</Th>
            ))}
            <Th screenReaderText={t("list.actions")} />
          </Tr>
        </Thead>
        <Tbody>
          {vcpus.map((vcpu) => (
            <Tr key={vcpu.number}>
              <Td>{vcpu.number}</Td>
              <Td>{vcpu.state}</Td>
              <Td>{(vcpu.cpuTimeNs / NS_PER_S).toFixed(1)} s</Td>
              {cpus.map((cpu) => (
                <Cell key={cpu} vcpu={vcpu} cpu={cpu} />
              ))}
              <Td isActionCell>
                {readOnly ? null : (
                  <PinButton uuid={domain.uuid} vcpu={vcpu.number} affinity={vcpu.affinity} />
                )}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </>
  );
}

export function CpuTab({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  if (domain.id === undefined) return <EmptyState titleText={t("domain.off")} headingLevel="h2" />;
  return <Picture domain={domain} />;
}
