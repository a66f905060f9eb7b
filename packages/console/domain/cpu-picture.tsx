import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useSession } from "../data/session-context.ts";
import type { HostCell } from "../host/host-facts.ts";
import type { DomainTabProps } from "./domain-tab.ts";
import { PinButton } from "./pin-button.tsx";

type VcpuState = OperationOutput<"domain", "vcpus">[number];

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
      className={here ? "vireo-here" : allowed ? "vireo-allowed" : ""}
      aria-label={t("cpu.at", { vcpu: vcpu.number, cpu, words })}
      title={words}
    >
      {here ? "●" : allowed ? "○" : ""}
    </Td>
  );
}

interface HeadProps {
  readonly cells: readonly HostCell[];
  readonly cpus: readonly number[];
}

function Head({ cells, cpus }: HeadProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Thead>
      {cells.length === 0 ? null : (
        <Tr>
          <Th colSpan={3} screenReaderText={t("host.numa")} />
          {cells.map(({ id, cpus: own }) => (
            <Th key={id} colSpan={own.length}>
              {t("cpu.cell", { id })}
            </Th>
          ))}
          <Th screenReaderText={t("list.actions")} />
        </Tr>
      )}
      <Tr>
        <Th>{t("cpu.vcpu")}</Th>
        <Th>{t("list.state")}</Th>
        <Th>{t("cpu.time")}</Th>
        {cpus.map((cpu) => (
          <Th key={cpu}>{String(cpu) /* 0 is no heading to PatternFly */}</Th>
        ))}
        <Th screenReaderText={t("list.actions")} />
      </Tr>
    </Thead>
  );
}

export interface CpuPictureProps extends DomainTabProps {
  readonly vcpus: readonly VcpuState[];
  /** The host's NUMA cells; none while they are not known. */
  readonly cells: readonly HostCell[];
}

/** A column for each of the host's processors, those of a NUMA cell side by side. */
export function CpuPicture({ domain, vcpus, cells }: CpuPictureProps): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const width = Math.max(0, ...vcpus.map(({ affinity }) => affinity.length));
  const known = cells.flatMap(({ cpus }) => cpus);
  const cpus = known.length > 0 ? known : Array.from({ length: width }, (_, cpu) => cpu);
  return (
    <div className="vireo-scroll" role="region" tabIndex={0} aria-label={t("cpu.picture")}>
      <Table variant="compact" aria-label={t("domain.cpu")} gridBreakPoint="">
        <Head cells={cells} cpus={cpus} />
        <Tbody>
          {vcpus.map((vcpu) => (
            <Tr key={vcpu.number}>
              <Td>{vcpu.number}</Td>
              <Td>{t(`cpu.states.${vcpu.state}`)}</Td>
              <Td>{t("cpu.seconds", { value: (vcpu.cpuTimeNs / NS_PER_S).toFixed(1) })}</Td>
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
    </div>
  );
}
