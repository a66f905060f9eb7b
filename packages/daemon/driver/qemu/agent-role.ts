/** The driver's operations that the agent inside the guest answers. No turn is held meanwhile. */
import { isError, virError } from "@vireo/model/error";
import type { DomainEventKind } from "@vireo/model/event";
import { GUEST_INFO_KINDS } from "@vireo/model/operation/domain-agent";
import type { DomainRef } from "@vireo/model/operation/domain-value";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { JsonObject } from "@vireo/qemu/json";
import type { EventBus } from "../../event/event-bus.ts";
import type { Role } from "../contract.ts";
import { malformed } from "./agent-answer.ts";
import { fileSystemsIn } from "./agent-file-systems.ts";
import { hostnameIn, INFORMATION, type Information } from "./agent-information.ts";
import { interfacesIn } from "./agent-interfaces.ts";
import type { AgentLines } from "./agent-lines.ts";
import { counted, switched, vcpuNumbers, vcpuSets, vcpusIn } from "./agent-vcpus.ts";
import type { Definitions } from "./definition.ts";
import type { DomainActor } from "./domain-actor.ts";
import { currentConfig, vcpuCounts } from "./domain-report.ts";
import { GuestAgent, SLOW_MS, timeoutOf } from "./guest-agent.ts";
import { leasedAddresses, leasedHostname, neighbourAddresses } from "./guest-addresses.ts";
import { taint } from "./taint.ts";

const NANOSECONDS = 1_000_000_000;
/** What the agent takes: nanoseconds in 63 bits. */
const LAST_SECOND = 9_223_372_036;

const numberOr = (answer: unknown, command: string): number => {
  if (typeof answer === "number" && Number.isFinite(answer)) return answer;
  throw malformed(command);
};

interface Guest {
  readonly actor: DomainActor;
  readonly agent: GuestAgent;
}
type Find = (domain: DomainRef) => Guest;

/** Without kinds, what the agent does not know is left out. */
async function guestInfo(
  { actor, agent }: Guest,
  kinds: OperationInput<"domain", "guestInfo">["kinds"],
): Promise<Information> {
  const found: Record<string, Information[string]> = {};
  for (const kind of kinds.length === 0 ? GUEST_INFO_KINDS : kinds) {
    const { command, read } = INFORMATION[kind];
    try {
      const entries = read(await agent.ask({ command }), currentConfig(actor.view));
      Object.assign(found, Object.fromEntries(entries));
    } catch (error) {
      if (kinds.length > 0 || !isError(error, "internalError")) throw error;
    }
  }
  return found;
}

const ONLY_LIVE = "vCPU count provided by the guest agent can only be requested for live domains";

const askingRole = (find: Find, { env }: Definitions): Role<"domain"> => ({
  hostname: async ({ domain, source }) => {
    const { actor, agent } = find(domain);
    actor.allow("control");
    return source === "lease"
      ? leasedHostname(currentConfig(actor.view), env.networks)
      : hostnameIn(await agent.ask({ command: "guest-get-host-name" }));
  },
  guestVcpuCount: async ({ domain }) => {
    const { actor, agent } = find(domain);
    if (actor.view.live === undefined) throw virError("invalidArg", ONLY_LIVE);
    return vcpusIn(await agent.ask({ command: "guest-get-vcpus" })).filter(({ online }) => online)
      .length;
  },
  guestInfo: ({ domain, kinds }) => guestInfo(find(domain), kinds),
  guestVcpus: async ({ domain }) =>
    vcpuSets(vcpusIn(await find(domain).agent.ask({ command: "guest-get-vcpus" }))),
  time: async ({ domain }) => {
    const command = "guest-get-time";
    const told = numberOr(await find(domain).agent.ask({ command }), command);
    const seconds = Math.floor(told / NANOSECONDS);
    return { seconds, nanoseconds: Math.max(0, told - seconds * NANOSECONDS) };
  },
  fsInfo: async ({ domain }) => {
    const { actor, agent } = find(domain);
    const answer = await agent.ask({ command: "guest-get-fsinfo" });
    return fileSystemsIn(currentConfig(actor.view), answer).map(
      ({ mountpoint, name, type, disks }) => ({
        mountpoint,
        name,
        type,
        targets: disks.flatMap(({ target }) => target ?? []),
      }),
    );
  },
  interfaceAddresses: async ({ domain, source }) => {
    const { actor, agent } = find(domain);
    actor.allow("control");
    const config = currentConfig(actor.view);
    if (source === "lease") return leasedAddresses(config, env.networks);
    if (source === "arp") return neighbourAddresses(config);
    return interfacesIn(await agent.ask({ command: "guest-network-get-interfaces" }));
  },
  userSshKeys: async ({ domain, user }) => {
    const command = "guest-ssh-get-authorized-keys";
    const answer = await find(domain).agent.ask({ command, args: { username: user } });
    const keys =
      typeof answer === "object" && answer !== null && "keys" in answer ? answer.keys : undefined;
    if (!Array.isArray(keys)) throw malformed(command);
    return keys.filter((one): one is string => typeof one === "string");
  },
});

/** An alarm clock that QEMU replays after the guest's time jumped would ring too often. */
async function setTime(
  { actor, agent }: Guest,
  { seconds, nanoseconds, sync }: OperationInput<"domain", "setTime">,
): Promise<void> {
  // libvirt asks what QEMU can do before it looks whether there is one
  if (actor.view.live === undefined)
    throw virError(
      "operationUnsupported",
      "cannot set time: qemu doesn't support rtc-reset-reinjection command",
    );
  actor.allow("control");
  if (sync !== true && Math.abs(seconds) >= LAST_SECOND)
    throw virError("invalidArg", `Time '${seconds}' is too big for guest agent`);
  const time = BigInt(seconds) * BigInt(NANOSECONDS) + BigInt(nanoseconds);
  const args: JsonObject = sync === true ? {} : { time };
  await agent.ask({ command: "guest-set-time", args });
  await actor.turn("control", () => actor.ask("rtc-reset-reinjection").catch(() => undefined)); // not every machine has such a clock
}

function keysCommand({ user, keys, append, remove }: OperationInput<"domain", "setUserSshKeys">) {
  if (remove === true)
    return { command: "guest-ssh-remove-authorized-keys", args: { username: user, keys } };
  const args = { username: user, keys, reset: append !== true };
  return { command: "guest-ssh-add-authorized-keys", args };
}

const changingRole = (find: Find, lines: AgentLines): Role<"domain"> => ({
  agentCommand: async ({ domain, command, timeoutS }) => {
    const { actor, agent } = find(domain);
    actor.allow("control");
    const timeoutMs = timeoutOf(timeoutS);
    return agent.relay(command, timeoutMs, () => taint(actor, "custom-ga-command"));
  },
  setAgentTimeout: ({ domain, timeoutS }) => {
    const { actor } = find(domain);
    timeoutOf(timeoutS);
    const { live, uuid } = actor.view;
    if (live === undefined) lines.timeouts.set(uuid, timeoutS);
    else actor.update({ live: { ...live, agentTimeoutS: timeoutS } });
  },
  setGuestVcpus: async ({ domain, vcpus, online }) => {
    const { agent } = find(domain);
    const all = vcpusIn(await agent.ask({ command: "guest-get-vcpus" }));
    const wanted = switched(all, { ids: vcpuNumbers(vcpus), online });
    await agent.setVcpus(wanted);
  },
  setGuestVcpuCount: async ({ domain, count }) => {
    const { actor, agent } = find(domain);
    actor.allow("askAgent");
    const { now } = vcpuCounts(currentConfig(actor.view));
    if (count > now)
      throw virError(
        "invalidArg",
        `requested vcpu count is greater than the count of enabled vcpus in the domain: ${count} > ${now}`,
      );
    const all = vcpusIn(await agent.ask({ command: "guest-get-vcpus" }));
    await agent.setVcpus(counted(all, count));
  },
  setTime: (input) => setTime(find(input.domain), input),
  setUserPassword: async ({ domain, user, password, encrypted }) => {
    const args = {
      crypted: encrypted === true,
      username: user,
      password: Buffer.from(password).toString("base64"),
    };
    await find(domain).agent.ask({ command: "guest-set-user-password", args });
  },
  setUserSshKeys: async (input) => {
    await find(input.domain).agent.ask(keysCommand(input));
  },
});

/** Resolves when the domain tells such an event. To be called before asking for it. */
function heard(events: EventBus, uuid: string, kind: DomainEventKind): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = events.subscribe((event) => {
    if (event.domain.uuid === uuid && event.kind === kind) resolve();
  });
  return () => promise.finally(unsubscribe);
}

const SLEEPS = {
  memory: { command: "guest-suspend-ram", news: "pmSuspend" },
  disk: { command: "guest-suspend-disk", news: "pmSuspendDisk" },
  hybrid: { command: "guest-suspend-hybrid", news: "pmSuspend" },
} as const;

async function sleep(
  { actor, agent }: Guest,
  { kind }: OperationInput<"domain", "sleep">,
  events: EventBus,
): Promise<void> {
  actor.allow("askAgent");
  const { pm } = currentConfig(actor.view);
  if (kind !== "disk" && pm?.suspendToMem?.enabled === false)
    throw virError("internalError", "S3 state is disabled for this domain");
  if (kind !== "memory" && pm?.suspendToDisk?.enabled === false)
    throw virError("internalError", "S4 state is disabled for this domain");
  const { command, news } = SLEEPS[kind];
  await agent.tell(command, heard(events, actor.view.uuid, news));
}

const sleepingRole = (find: Find, { env }: Definitions): Role<"domain"> => ({
  fsFreeze: async ({ domain, mountpoints }) => {
    const all = mountpoints.length === 0;
    const command = all ? "guest-fsfreeze-freeze" : "guest-fsfreeze-freeze-list";
    const args: JsonObject = all ? {} : { mountpoints };
    const answer = await find(domain).agent.ask({ command, args, timeoutMs: SLOW_MS });
    return numberOr(answer, command);
  },
  fsThaw: async ({ domain, mountpoints }) => {
    const { actor, agent } = find(domain);
    if (mountpoints.length > 0)
      throw virError("argumentUnsupported", "specifying mountpoints is not supported");
    actor.allow("control");
    const command = "guest-fsfreeze-thaw";
    return numberOr(await agent.ask({ command, timeoutMs: SLOW_MS }), command);
  },
  fsTrim: async ({ domain, mountpoint, minimum }) => {
    if (mountpoint !== undefined)
      throw virError("argumentUnsupported", "Specifying mount point is not supported for now");
    const question = { command: "guest-fstrim", args: { minimum }, timeoutMs: SLOW_MS };
    await find(domain).agent.ask(question);
  },
  sleep: (input) => sleep(find(input.domain), input, env.events),
  wakeUp: ({ domain }) => {
    const { actor } = find(domain);
    return actor.turn("control", async () => void (await actor.ask("system_wakeup")));
  },
});

export const agentRole = (definitions: Definitions, lines: AgentLines): Role<"domain"> => {
  const find: Find = (domain) => {
    const actor = definitions.list.find(domain);
    return { actor, agent: new GuestAgent(lines, actor) };
  };
  return {
    ...askingRole(find, definitions),
    ...changingRole(find, lines),
    ...sleepingRole(find, definitions),
  };
};
