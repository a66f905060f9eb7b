/**
 * libvirt's hot plug cases: which commands the monitor gets, in which order, and what the running
 * domain looks like afterwards. The pure half of the daemon's work: no QEMU, no actor.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findDevice, removeDevice } from "@vireo/model/domain/device/change-devices";
import { parseDevice, type KindedDevice } from "@vireo/model/domain/device/parse-device";
import { parseSoughtDevice } from "@vireo/model/domain/device/parse-sought-device";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { resolveDomain } from "@vireo/model/domain/resolve/resolve";
import { NamedFds } from "@vireo/qemu/command/fd-needs";
import { commandsBefore, hotDeviceSteps } from "@vireo/qemu/command/hot-device";
import { plug, unplug, type PlugStep } from "@vireo/qemu/plug";
import { updateGraphics } from "../../packages/daemon/driver/qemu/change-graphics.ts";
import { updateDisk } from "../../packages/daemon/driver/qemu/change-medium.ts";
import type { DeviceWork } from "../../packages/daemon/driver/qemu/device-work.ts";
import type { LiveDomain } from "../../packages/daemon/driver/qemu/domain-view.ts";
import { withSockets, withTerminals } from "../../packages/daemon/driver/qemu/live-config.ts";
import { liveNodeIds, withLiveDevice } from "../../packages/daemon/driver/qemu/live-devices.ts";
import { firstDifference } from "./canonical-xml.ts";
import { latestFacts } from "./corpus-facts.ts";
import { readManifest, type CorpusCase } from "./manifest.ts";
import { latestCapabilities } from "./qemu-args-capabilities.ts";
import { mockContext } from "./qemu-args-context.ts";
import { messageOf, type ConformanceResult } from "./result.ts";

interface HotCase extends CorpusCase {
  readonly action: "attach" | "detach" | "update";
  readonly domain: string;
  readonly device: string;
  readonly expectFail?: boolean;
  /** The domain is as another case has left it. */
  readonly after?: string;
  readonly monitor?: readonly (readonly [command: string, replies: readonly object[]])[];
}

interface Outcome {
  readonly config: ResolvedDomain;
  readonly commands: readonly string[];
}

interface Corpus {
  readonly path: string;
  readonly facts: ReturnType<typeof latestFacts>;
  readonly caps: ReturnType<typeof latestCapabilities>;
}

type Place = Parameters<typeof liveNodeIds>[1];

/** libvirt hands a set of descriptors over where we send one with the command. */
const named = (step: PlugStep, how: typeof plug): string => how(step)?.execute ?? step.kind;

function stepsAt(
  { caps }: Corpus,
  config: ResolvedDomain,
  { ids, ...place }: Place & { readonly ids: readonly number[] },
) {
  const fds = new NamedFds(0);
  const scope = { domain: config, caps, context: mockContext(config, {}), fds };
  const steps = hotDeviceSteps(scope, { ...place, nodeIds: ids });
  const inSets = steps.filter(({ kind }) => kind === "fdset").length;
  const listening = fds.named.filter(({ kind }) => kind === "listen");
  return { steps, listening, given: Math.max(0, fds.named.length - inSets) };
}

/** The images of the cases stand alone. */
const withChain = ({ kind, device }: KindedDevice): KindedDevice =>
  ({
    kind,
    device: kind === "disks" ? { ...device, backingStore: { type: "none" } } : device,
  }) as KindedDevice; // only a disk was changed

/** The terminal that the monitor of the case opens. */
const terminalIn = ({ monitor = [] }: HotCase): string | undefined =>
  /"pty":"([^"]*)"/.exec(JSON.stringify(monitor))?.[1];

function attach(
  corpus: Corpus,
  config: ResolvedDomain,
  { device, one }: { device: KindedDevice; one: HotCase },
): Outcome {
  const pty = terminalIn(one);
  const addition = withLiveDevice({ config }, withChain(device), corpus.facts);
  const sockets = new Map<string, string>();
  const chardevs: string[] = [];
  const all = [...addition.controllers, addition.place].flatMap((place, i, places) => {
    const ids = i === places.length - 1 ? addition.nodeIds : [];
    const { steps, given, listening } = stepsAt(corpus, addition.config, { ...place, ids });
    // the mock environment numbers no domain
    for (const { id, path = "" } of listening)
      sockets.set(id, path.replace("domain--1-", `domain-${config.id ?? -1}-`));
    for (const step of steps) if (step.kind === "chardev") chardevs.push(step.id);
    return [
      ...commandsBefore(addition.config, place).map(({ execute }) => execute),
      ...Array.from({ length: given }, () => "getfd"),
      ...steps.map((step) => named(step, plug)),
    ];
  });
  const terminals = new Map(chardevs.flatMap((id) => (pty === undefined ? [] : [[id, pty]])));
  return {
    config: withTerminals(withSockets(addition.config, sockets), terminals),
    commands: all,
  };
}

const letsGo = ({ monitor = [] }: HotCase): boolean =>
  monitor.some(([, replies]) => JSON.stringify(replies).includes("DEVICE_DELETED"));

function detach(
  corpus: Corpus,
  config: ResolvedDomain,
  { device, one }: { device: KindedDevice; one: HotCase },
): Outcome {
  const place = { kind: device.kind, index: findDevice(config, device, true) };
  const { steps } = stepsAt(corpus, config, { ...place, ids: liveNodeIds(config, place) });
  const asked = steps.filter(({ kind }) => kind === "device").map((step) => named(step, unplug));
  if (!letsGo(one)) return { config, commands: asked };
  const behind = steps.filter(({ kind }) => kind !== "device").toReversed();
  return {
    config: removeDevice(config, device.kind, place.index),
    commands: [...asked, ...behind.map((step) => named(step, unplug))],
  };
}

/** Through the daemon's own functions, with a monitor that agrees to everything. */
async function update(config: ResolvedDomain, device: KindedDevice): Promise<Outcome> {
  const commands: string[] = [];
  let kept = config;
  const work = {
    ask: (command: string) => {
      commands.push(command);
      return Promise.resolve({});
    },
    keep: (next: ResolvedDomain) => void (kept = next),
  } as unknown as DeviceWork; // the part that changes of these kinds need
  const live = { config } as LiveDomain; // the same
  const index = findDevice(config, device, true);
  if (device.kind === "graphics")
    await updateGraphics(work, live, { wanted: device.device, index });
  else if (device.kind === "disks")
    await updateDisk(work, live, { wanted: device.device, index, force: false });
  else throw new Error(`${device.kind} is not updated here`);
  return { config: kept, commands };
}

function liveDomain({ path, facts }: Corpus, file: string): ResolvedDomain {
  const text = readFileSync(join(path, file), "utf8");
  const { domain } = parseDomain(text, { live: true });
  return resolveDomain(domain, facts, { abiUpdate: false, live: true });
}

/** The cases are of a QEMU that tells no default CPU and no default model of a USB controller. */
function shown(config: ResolvedDomain, expected: string): string {
  const { cpu: _default, ...rest } = config;
  const told = expected.includes("<cpu") ? config : rest;
  const text = formatDomain(told, { live: true, secure: true });
  return expected.includes("piix3-uhci") ? text : text.replaceAll(" model='piix3-uhci'", "");
}

/** What libvirt looks at only because its descriptors are in sets. */
const OURS: ReadonlySet<string> = new Set(["query-fdsets"]);

function compared(corpus: Corpus, one: HotCase, { config, commands }: Outcome): string | undefined {
  const wanted = (one.monitor ?? []).map(([name]) => name).filter((name) => !OURS.has(name));
  if (commands.join(" ") !== wanted.join(" "))
    return `commands: expected ${wanted.join(" ")}, got ${commands.join(" ")}`;
  if (one.expected === undefined || one.expectFail === true) return undefined;
  const expected = readFileSync(join(corpus.path, one.expected), "utf8");
  return firstDifference(shown(config, expected), expected);
}

async function perform(corpus: Corpus, one: HotCase, before: ResolvedDomain): Promise<Outcome> {
  const parse = one.action === "detach" ? parseSoughtDevice : parseDevice;
  const device = parse(readFileSync(join(corpus.path, one.device), "utf8"));
  switch (one.action) {
    case "attach":
      return attach(corpus, before, { device, one });
    case "detach":
      return detach(corpus, before, { device, one });
    case "update":
      return update(before, device);
  }
}

/** A detach that the guest has not answered has failed, but asked it has. */
const mustRefuse = ({ expectFail, monitor = [] }: HotCase): boolean =>
  expectFail === true && monitor.length === 0;

export async function runQemuHotplug(root: string): Promise<readonly ConformanceResult[]> {
  const path = join(root, "qemu-hotplug");
  const facts = latestFacts(root);
  // the QEMU of the cases has no LSI controller, which would be the default
  const capabilities = new Set([...facts.capabilities].filter((name) => name !== "lsi"));
  const corpus = { path, facts: { ...facts, capabilities }, caps: latestCapabilities(root) };
  const left = new Map<string, ResolvedDomain>();
  const results: ConformanceResult[] = [];
  for (const one of readManifest(root, "qemu-hotplug") as readonly HotCase[]) {
    const tell = (detail: string | undefined): void =>
      void results.push({
        corpus: "qemu-hotplug",
        tier: one.action,
        id: one.id,
        passed: detail === undefined,
        detail: detail ?? "",
      });
    try {
      const before = left.get(one.after ?? "") ?? liveDomain(corpus, one.domain);
      const outcome = await perform(corpus, one, before);
      left.set(one.id, outcome.config);
      tell(mustRefuse(one) ? "accepted" : compared(corpus, one, outcome));
    } catch (error) {
      tell(mustRefuse(one) ? undefined : `threw: ${messageOf(error)}`);
    }
  }
  return results;
}
