/** The driver's operations on the throughput of network interfaces, and on counters of the host. */
import { virError } from "@vireo/model/error";
import type { Interface } from "@vireo/model/domain/device/interface";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { PERF_EVENTS } from "@vireo/model/domain/perf";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import type { LiveDomain } from "../domain-view.ts";
import { limitOf } from "../guest-links.ts";
import type { Undo } from "../undo.ts";
import { known, type Known } from "./known.ts";
import { changeDomain, configOf, type DomainChange } from "./change-domain.ts";

type Change = OperationInput<"domain", "setInterfaceTune">;
type Bandwidth = NonNullable<Interface["bandwidth"]>;

/** Kinds whose packets pass through a device of the host that can be slowed down. */
const SHAPED: ReadonlySet<string> = new Set(["network", "bridge", "ethernet", "direct"]);

function placeOf({ devices: { interfaces = [] } }: ResolvedDomain, name: string): number {
  const wanted = name.toLowerCase();
  const at = interfaces.findIndex(
    ({ mac, target }) => mac?.address.toLowerCase() === wanted || target?.dev === name,
  );
  if (at < 0) throw virError("invalidArg", `'${name}' is not a known interface`);
  return at;
}

/** An average of 0 takes a limit away; a burst or a peak alone is none. */
function withRates(bandwidth: Bandwidth = {}, { inbound, outbound }: Change): Bandwidth {
  const { inbound: oldIn, outbound: oldOut, ...rest } = bandwidth;
  const nextIn = inbound === undefined ? oldIn : kept(inbound);
  const nextOut = outbound === undefined ? oldOut : kept(outbound);
  return {
    ...rest,
    ...(nextIn === undefined ? {} : { inbound: nextIn }),
    ...(nextOut === undefined ? {} : { outbound: nextOut }),
  };
}

type Rate = NonNullable<Change["inbound"]>;
function kept(rate: Rate): { average: number; peak?: number; burst?: number } | undefined {
  const { average = 0, ...rest } = rate;
  if (average === 0 && (rest.floor ?? 0) === 0) return undefined;
  const others = Object.entries(rest).filter(([, value]) => value !== undefined && value !== 0);
  return { average, ...Object.fromEntries(others) };
}

function withBandwidth(config: ResolvedDomain, at: number, change: Change): ResolvedDomain {
  const interfaces = (config.devices.interfaces ?? []).map((net, index) => {
    if (index !== at) return net;
    const bandwidth = withRates(net.bandwidth, change);
    const { bandwidth: _old, ...rest } = net;
    return (Object.keys(bandwidth).length === 0 ? rest : { ...net, bandwidth }) as Interface; // of the same type
  });
  return { ...config, devices: { ...config.devices, interfaces } };
}

const setInterfaceTune = (definitions: Definitions, input: Change): Promise<void> =>
  changeDomain(definitions, ["setInterfaceTune", input], ({ live, definition }): DomainChange => {
    for (const config of [live?.config, definition]) {
      if (config === undefined) continue;
      const type = config.devices.interfaces?.[placeOf(config, input.device)]?.type ?? "";
      if (!SHAPED.has(type))
        throw virError(
          "configUnsupported",
          `setting bandwidth on interfaces of type '${type}' is not implemented yet`,
        );
    }
    return {
      ...(live && { live: (undo) => limitLive(definitions, { live, input }, undo) }),
      ...(definition && {
        definition: withBandwidth(definition, placeOf(definition, input.device), input),
      }),
    };
  });

/** First its place in the network, which may be full; then its device. */
async function limitLive(
  { env: { networks } }: Definitions,
  { live, input }: { live: LiveDomain; input: Change },
  undo: Undo,
): Promise<Known> {
  const at = placeOf(live.config, input.device);
  const net = live.config.devices.interfaces?.[at];
  const next = withBandwidth(live.config, at, input).devices.interfaces?.[at];
  if (net === undefined || next === undefined || networks === undefined)
    throw virError("operationUnsupported", "nobody limits the throughput of interfaces");
  const put = async (wanted: Interface): Promise<void> => {
    if (wanted.type === "network" && wanted.source?.portid !== undefined)
      await networks.retune(wanted.source.network, wanted.source.portid, wanted.bandwidth ?? {});
    const limit = limitOf(wanted);
    await (limit === undefined ? networks.unlimit(net.target?.dev ?? "") : networks.limit(limit));
  };
  undo.add("bandwidth", () => put(net));
  await put(next);
  return known((config) => withBandwidth(config, at, input));
}

type PerfChange = OperationInput<"domain", "setPerfEvents">;

/** In libvirt's order. */
function withEvents(config: ResolvedDomain, { events }: PerfChange): ResolvedDomain {
  const all = new Map((config.perf?.events ?? []).map((one) => [one.name, one]));
  for (const event of events) all.set(event.name, event);
  const next = PERF_EVENTS.flatMap((name) => all.get(name) ?? []);
  return { ...config, perf: { events: next } };
}

interface Counting {
  readonly live: LiveDomain;
  readonly input: PerfChange;
  readonly undo: Undo;
}

async function countLive(
  { env: { perf } }: Definitions,
  { live, input, undo }: Counting,
): Promise<Known> {
  const before = live.config.perf?.events ?? [];
  const opposite = input.events.map(({ name }) => ({
    name,
    enabled: before.some((one) => one.name === name && one.enabled),
  }));
  await perf.set(live.process, input.events);
  undo.add("performance counters", () => perf.set(live.process, opposite));
  return known((config) => withEvents(config, input));
}

const setPerfEvents = (definitions: Definitions, input: PerfChange): Promise<void> =>
  changeDomain(
    definitions,
    ["setPerfEvents", input],
    ({ live, definition }): DomainChange => ({
      ...(definition && { definition: withEvents(definition, input) }),
      ...(live && { live: (undo) => countLive(definitions, { live, input, undo }) }),
    }),
  );

export const interfaceTuneRole = (definitions: Definitions): Role<"domain"> => {
  const { list } = definitions;
  return {
    interfaceTune: (input) => {
      const config = configOf(list.find(input.domain), input);
      const { inbound, outbound } =
        config.devices.interfaces?.[placeOf(config, input.device)]?.bandwidth ?? {};
      return { ...(inbound && { inbound }), ...(outbound && { outbound }) };
    },
    setInterfaceTune: (input) => setInterfaceTune(definitions, input),
    perfEvents: (input) =>
      (configOf(list.find(input.domain), input).perf?.events ?? []).flatMap(({ name, enabled }) =>
        enabled ? [name] : [],
      ),
    setPerfEvents: (input) => setPerfEvents(definitions, input),
  };
};
