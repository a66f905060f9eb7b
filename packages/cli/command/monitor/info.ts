import type { DomainReference } from "@vireo/sdk/libvirt/procedure";
import { type HandlersOf, line } from "../../answer.ts";
import type { monitorCommands } from "../../catalog/monitor.ts";
import type { Connection } from "../../connection.ts";
import { reasonText, stateText } from "../../domain-state.ts";
import { formatFields } from "../../fields.ts";
import { findDomain } from "../../lookup.ts";
import { fieldText } from "../../text-field.ts";

/** virDomainControlState. */
const controlStates = ["ok", "background job", "occupied", "error"];
/** virDomainControlErrorReason. */
const controlErrors = ["", "unknown", "monitor failure", "internal (locking) error"];

/** `3.1s`: CPU time as dominfo and vcpuinfo show it. */
const formatSeconds = (nanoseconds: bigint): string =>
  `${(Number(nanoseconds / 100_000_000n) / 10).toFixed(1)}s`;

const yesNo = (value: number): string => (value === 0 ? "no" : "yes");

async function basicFields(
  connection: Connection,
  dom: DomainReference,
): Promise<(readonly [string, string])[]> {
  const info = await connection.call("domainGetInfo", { dom });
  const { type } = await connection.call("domainGetOsType", { dom });
  const unlimited = info.maxMem === 2n ** 64n - 1n;
  return [
    ["Id", dom.id === -1 ? "-" : String(dom.id)],
    ["Name", dom.name],
    ["UUID", dom.uuid],
    ["OS Type", type],
    ["State", stateText(info.state)],
    ["CPU(s)", String(info.nrVirtCpu)],
    ...(info.cpuTime === 0n ? [] : [["CPU time", formatSeconds(info.cpuTime)] as const]),
    ["Max memory", unlimited ? "no limit" : `${info.maxMem} KiB`],
    ["Used memory", `${info.memory} KiB`],
  ];
}

async function configFields(
  connection: Connection,
  dom: DomainReference,
): Promise<(readonly [string, string])[]> {
  const persistent = await unless(connection.call("domainIsPersistent", { dom }));
  const autostart = await unless(connection.call("domainGetAutostart", { dom }));
  const saved = await unless(connection.call("domainHasManagedSaveImage", { dom, flags: 0 }));
  return [
    ["Persistent", persistent === undefined ? "unknown" : yesNo(persistent.persistent)],
    ...(autostart === undefined
      ? []
      : [["Autostart", autostart.autostart === 0 ? "disable" : "enable"] as const]),
    ["Managed save", saved === undefined ? "unknown" : yesNo(saved.result)],
  ];
}

async function securityFields(
  connection: Connection,
  dom: DomainReference,
): Promise<(readonly [string, string])[]> {
  const security = await unless(connection.call("nodeGetSecurityModel"));
  if (security === undefined || fieldText(security.model) === "") return [];
  const fields: (readonly [string, string])[] = [
    ["Security model", fieldText(security.model)],
    ["Security DOI", fieldText(security.doi)],
  ];
  const found = await unless(connection.call("domainGetSecurityLabel", { dom }));
  const label = found === undefined ? "" : fieldText(found.label);
  if (label !== "")
    fields.push([
      "Security label",
      `${label} (${found?.enforcing === 0 ? "permissive" : "enforcing"})`,
    ]);
  return fields;
}

/** What a daemon need not know. */
const unless = async <T>(call: Promise<T>): Promise<T | undefined> =>
  await call.catch(() => undefined);

async function messageFields(
  connection: Connection,
  dom: DomainReference,
): Promise<(readonly [string, string])[]> {
  const found = await unless(connection.call("domainGetMessages", { dom, flags: 0 }));
  return (found?.msgs ?? []).map((message, index) => [index === 0 ? "Messages" : "", message]);
}

export const handlers: HandlersOf<typeof monitorCommands> = {
  async dominfo({ domain }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const fields = [
      ...(await basicFields(connection, dom)),
      ...(await configFields(connection, dom)),
      ...(await securityFields(connection, dom)),
      ...(await messageFields(connection, dom)),
    ];
    return { data: Object.fromEntries(fields), text: formatFields(fields, 16) };
  },

  async domstate({ domain, reason }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const found = await connection.call("domainGetState", { dom, flags: 0 });
    const state = stateText(found.state);
    const why = reasonText(found.state, found.reason);
    return line(reason ? `${state} (${why})` : state, { state, reason: why });
  },

  async domcontrol({ domain }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const control = await connection.call("domainGetControlInfo", { dom, flags: 0 });
    const { state, details, stateTime } = control;
    const word = controlStates[state] ?? "unknown";
    const detail = state === 3 ? controlErrors[details] : undefined;
    const data = { state: word, ...(detail === undefined ? {} : { error: detail }), stateTime };
    if (state === 0) return line(word, data);
    const head = detail === undefined ? word : `${word}: ${detail}`;
    return line(`${head} (${(Number(stateTime) / 1000).toFixed(3)}s)`, data);
  },
};
