import type { EventBody } from "@vireo/sdk/libvirt/event-hub";
import type { EventNameOf } from "@vireo/sdk/libvirt/event-table";
import type { DomainReference } from "@vireo/sdk/libvirt/procedure";
import { formatParameter } from "./typed-parameter.ts";

export type DomainEventName = EventNameOf<"domain">;

/** An event in words: which domain, and what stands after its name. */
export interface EventText {
  readonly dom: DomainReference;
  /** Begins with a blank when it goes on in the same line. */
  readonly rest: string;
}

type Texts = { readonly [N in DomainEventName]: (body: EventBody<"domain", N>) => EventText };

const snapshot = "Snapshot";

/** virDomainEventType with the details of each. */
const lifecycle: readonly (readonly [string, readonly string[]])[] = [
  ["Defined", ["Added", "Updated", "Renamed", snapshot]],
  ["Undefined", ["Removed", "Renamed"]],
  ["Started", ["Booted", "Migrated", "Restored", snapshot, "Event wakeup"]],
  [
    "Suspended",
    [
      "Paused",
      "Migrated",
      "I/O Error",
      "Watchdog",
      "Restored",
      snapshot,
      "API error",
      "Post-copy",
      "Post-copy Error",
    ],
  ],
  ["Resumed", ["Unpaused", "Migrated", snapshot, "Post-copy", "Post-copy Error"]],
  ["Stopped", ["Shutdown", "Destroyed", "Crashed", "Migrated", "Saved", "Failed", snapshot]],
  ["Shutdown", ["Finished", "Finished after guest request", "Finished after host request"]],
  ["PMSuspended", ["Memory", "Disk"]],
  ["Crashed", ["Panicked", "Crashloaded"]],
];

const watchdogActions = ["none", "pause", "reset", "poweroff", "shutdown", "debug", "inject-nmi"];
const ioErrorActions = ["none", "pause", "report"];
const graphicsPhases = ["connect", "initialize", "disconnect"];
const graphicsFamilies = ["IPv4", "IPv6", "unix"];
const jobTypes = [
  "Unknown job",
  "Block Pull",
  "Block Copy",
  "Block Commit",
  "Active Block Commit",
  "Backup",
];
const jobStates = ["completed", "failed", "canceled", "ready"];
const diskReasons = ["changed", "dropped"];
const trayReasons = ["opened", "closed"];
const agentStates = ["unknown", "connected", "disconnected"];
const agentReasons = ["unknown", "domain started", "channel event"];
const metadataTypes = ["description", "title", "element"];
const failureRecipients = ["hypervisor", "guest"];
const failureActions = ["ignore", "inject", "fatal", "reset"];

const named = (names: readonly string[], value: number): string => names[value] ?? "unknown";
const plain = ({ dom }: { readonly dom: DomainReference }): EventText => ({ dom, rest: "" });
const told = (dom: DomainReference, text: string): EventText => ({ dom, rest: `: ${text}` });

type Address = { readonly family: number; readonly node: string; readonly service: string };
const formatAddress = ({ family, node, service }: Address): string =>
  `[${named(graphicsFamilies, family)} ${node} ${service}]`;

/** The words for every event of domains. */
export const domainEventTexts: Texts = {
  lifecycle: ({ dom, event, detail }) => {
    const [word, details] = lifecycle[event] ?? ["unknown", []];
    return told(dom, `${word} ${named(details, detail)}`);
  },
  reboot: plain,
  rtcChange: ({ dom, offset }) => told(dom, String(offset)),
  watchdog: ({ dom, action }) => told(dom, named(watchdogActions, action)),
  ioError: ({ dom, srcPath, devAlias, action }) =>
    told(dom, `${srcPath} (${devAlias}) ${named(ioErrorActions, action)}`),
  graphics: ({ dom, phase, local, remote, authScheme, subject }) => {
    const head = `${named(graphicsPhases, phase)} local${formatAddress(local)}`;
    const identities = subject.map(({ type, name }) => `\n\t${type}=${name}`).join("");
    return told(dom, `${head} remote${formatAddress(remote)} ${authScheme}${identities}`);
  },
  ioErrorReason: ({ dom, srcPath, devAlias, action, reason }) =>
    told(dom, `${srcPath} (${devAlias}) ${named(ioErrorActions, action)} due to ${reason}`),
  controlError: plain,
  blockJob: ({ dom, path, type, status }) =>
    told(dom, `${named(jobTypes, type)} for ${path} ${named(jobStates, status)}`),
  diskChange: ({ dom, oldSrcPath, newSrcPath, devAlias, reason }) => ({
    dom,
    rest: ` disk ${devAlias}: ${oldSrcPath ?? ""} -> ${newSrcPath ?? ""}: ${named(diskReasons, reason)}`,
  }),
  trayChange: ({ dom, devAlias, reason }) => ({
    dom,
    rest: ` disk ${devAlias}: ${named(trayReasons, reason)}`,
  }),
  pmWakeup: plain,
  pmSuspend: plain,
  balloonChange: ({ dom, actual }) => told(dom, `${actual}KiB`),
  pmSuspendDisk: plain,
  deviceRemoved: ({ dom, devAlias }) => told(dom, devAlias),
  blockJob2: ({ dom, dst, type, status }) =>
    told(dom, `${named(jobTypes, type)} for ${dst} ${named(jobStates, status)}`),
  tunable: ({ dom, params }) => ({
    dom,
    rest: `:${params.map((one) => `\n\t${one.field}: ${formatParameter(one)}`).join("")}`,
  }),
  agentLifecycle: ({ dom, state, reason }) =>
    told(dom, `state: '${named(agentStates, state)}' reason: '${named(agentReasons, reason)}'`),
  deviceAdded: ({ dom, devAlias }) => told(dom, devAlias),
  migrationIteration: ({ dom, iteration }) => told(dom, `iteration: '${iteration}'`),
  jobCompleted: ({ dom, params }) => ({
    dom,
    rest: `:${params.map((one) => `\n\t${one.field}: ${formatParameter(one)}`).join("")}`,
  }),
  deviceRemovalFailed: ({ dom, devAlias }) => told(dom, devAlias),
  metadataChange: ({ dom, type, nsuri }) =>
    told(dom, `type ${named(metadataTypes, type)}, uri ${nsuri ?? "N/A"}`),
  blockThreshold: ({ dom, dev, path, threshold, excess }) =>
    told(dom, `dev: ${dev}(${path ?? ""}) ${threshold} ${excess}`),
  memoryFailure: ({ dom, recipient, action, flags }) => ({
    dom,
    rest: `:\nrecipient: ${named(failureRecipients, recipient)}\naction: ${named(failureActions, action)}\nflags:\n\taction required: ${flags & 1}\n\trecursive: ${(flags >> 1) & 1}`,
  }),
  memoryDeviceSizeChange: ({ dom, alias, size }) => ({
    dom,
    rest: `:\nalias: ${alias}\nsize: ${size}`,
  }),
};
