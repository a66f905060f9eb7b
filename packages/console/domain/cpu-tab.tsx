import { Alert, EmptyState } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { rangesText } from "../data/ranges-text.ts";
import { useSession } from "../data/session-context.ts";
import { hostCells } from "../host/host-facts.ts";
import { Facts, Panel, type Fact } from "../part/facts.tsx";
import { Fault } from "../part/fault.tsx";
import { CpuCount } from "./cpu-count.tsx";
import { CpuPicture } from "./cpu-picture.tsx";
import type { DomainTabProps } from "./domain-tab.ts";

const EVERY_MS = 3000;

/** Which of QEMU's other threads may run where, and where the memory comes from. */
function Placement({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const about = { domain: { uuid: domain.uuid } };
  const emulator = useAsk(["domain", "emulatorPin"], about);
  const threads = useAsk(["domain", "iothreads"], about);
  const numa = useAsk(["domain", "numaTune"], about);
  const facts: readonly Fact[] = [
    [t("cpu.emulator"), rangesText(emulator.data ?? [])],
    ...(threads.data ?? []).map(
      ({ id, cpus }): Fact => [t("cpu.iothread", { id }), rangesText(cpus)],
    ),
    [t("cpu.numa.mode"), numa.data?.mode ?? "–"],
    [t("cpu.numa.nodes"), numa.data?.nodes?.length ? rangesText(numa.data.nodes) : "–"],
  ];
  return (
    <Panel title={t("cpu.placement")} error={emulator.error ?? threads.error ?? numa.error}>
      <Facts facts={facts} />
    </Panel>
  );
}

/** While it is off: where each vCPU will be allowed to run. */
function Later({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const about = { domain: { uuid: domain.uuid }, config: true };
  const { data: pins = [], error } = useAsk(["domain", "vcpuPins"], about);
  const facts = pins.map((cpus, vcpu): Fact => [`${t("cpu.vcpu")} ${vcpu}`, rangesText(cpus)]);
  return (
    <Panel title={t("cpu.later")} error={error}>
      <Facts facts={facts} />
    </Panel>
  );
}

function Now({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const about = { domain: { uuid: domain.uuid } };
  const { data: vcpus = [], error } = useAsk(["domain", "vcpus"], about, { everyMs: EVERY_MS });
  const { data: capabilities } = useAsk(["connect", "capabilities"], {});
  const cells = hostCells(capabilities);
  const spread = cells.filter(({ cpus }) => vcpus.some(({ cpu }) => cpus.includes(cpu)));
  return (
    <>
      <Fault error={error} />
      {readOnly ? null : <CpuCount domain={domain} now={vcpus.length} />}
      {spread.length > 1 ? (
        <Alert isInline variant="warning" title={t("cpu.spread", { count: spread.length })} />
      ) : null}
      <CpuPicture domain={domain} vcpus={vcpus} cells={cells} />
    </>
  );
}

/** Which vCPU runs where, and where it may run. */
export function CpuTab({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const isOn = domain.id !== undefined;
  if (!isOn && !domain.persistent)
    return <EmptyState titleText={t("domain.off")} headingLevel="h2" />;
  return (
    <>
      {isOn ? <Now domain={domain} /> : <Later domain={domain} />}
      <Placement domain={domain} />
    </>
  );
}
