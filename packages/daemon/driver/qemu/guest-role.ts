/** The driver's operations on a running guest past its definition. */
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { JsonObject } from "@vireo/qemu/json";
import { QmpError } from "@vireo/qemu/qmp/qmp-error";
import type { Role } from "../contract.ts";
import type { Definitions } from "./definition.ts";
import type { LiveDomain } from "./domain-view.ts";
import { changeDomain, type DomainChange } from "./tune/change-domain.ts";
import type { Known } from "./tune/known.ts";
import type { Undo } from "./undo.ts";
import type { DomainActor } from "./domain-actor.ts";
import { taint } from "./taint.ts";

const qmpCommand = (text: string): { execute: string; arguments: JsonObject } => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw virError("internalError", `cannot parse json ${text.slice(0, 200)}`, { cause });
  }
  if (typeof value !== "object" || value === null || !("execute" in value))
    throw virError("invalidArg", "a monitor command is a JSON object with 'execute'");
  const args = "arguments" in value ? value.arguments : undefined;
  const isRecord = (one: unknown): one is JsonObject => typeof one === "object" && one !== null;
  return { execute: String(value.execute), arguments: isRecord(args) ? args : {} };
};

type Answer = { readonly return: unknown } | { readonly error: { class: string; desc: string } };

/** The monitor's answer as it stands: a refusal is one too. */
async function asked(actor: DomainActor, command: ReturnType<typeof qmpCommand>): Promise<Answer> {
  try {
    return { return: await actor.ask(command.execute, command.arguments) };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (!(cause instanceof QmpError)) throw error;
    return { error: { class: cause.errorClass, desc: cause.message } };
  }
}

let commands = 0;

/** Clients of libvirt see an id of libvirt's in every answer, whatever they sent. */
const nextId = (): string => `libvirt-${(commands += 1)}`;

async function monitorCommand(
  actor: DomainActor,
  { command, human }: OperationInput<"domain", "monitorCommand">,
): Promise<string> {
  const wanted =
    human === true
      ? { execute: "human-monitor-command", arguments: { "command-line": command } }
      : qmpCommand(command);
  taint(actor, "custom-monitor");
  const answer = await asked(actor, wanted);
  const id = nextId();
  if (human !== true)
    return JSON.stringify("error" in answer ? { id, ...answer } : { ...answer, id }); // as QEMU orders them
  const text = "return" in answer ? answer.return : undefined;
  return typeof text === "string" ? text : JSON.stringify(answer);
}

/** QEMU's own numbers of keys are those of `qnum`; the XT sets are the same but for their extended codes. */
const XT_LIKE: ReadonlySet<string> = new Set(["qnum", "xt", "xtKbd"]);

function sendKey(
  actor: DomainActor,
  { codeSet, holdMs, keys }: OperationInput<"domain", "sendKey">,
): Promise<unknown> {
  const numbers = codeSet === "linux" ? keys.map(linuxToQnum) : keys;
  if (codeSet !== "linux" && !XT_LIKE.has(codeSet))
    throw virError("operationUnsupported", `keys of code set '${codeSet}' are not known to QEMU`);
  return actor.ask("send-key", {
    keys: numbers.map((data) => ({ type: "number", data })),
    ...(holdMs === 0 ? {} : { "hold-time": holdMs }),
  });
}

/** Linux numbers the keys of the PC keyboard as its controller does up to F12 (input-event-codes.h). */
const LAST_COMMON = 88;
/** The extended keys: Linux's number to the controller's code with its prefix bit. */
const EXTENDED: Readonly<Record<number, number>> = {
  96: 0x9c,
  97: 0x9d,
  98: 0xb5,
  99: 0x54,
  100: 0xb8,
  102: 0xc7,
  103: 0xc8,
  104: 0xc9,
  105: 0xcb,
  106: 0xcd,
  107: 0xcf,
  108: 0xd0,
  109: 0xd1,
  110: 0xd2,
  111: 0xd3,
  125: 0xdb,
  126: 0xdc,
  127: 0xdd,
};

function linuxToQnum(code: number): number {
  const extended = EXTENDED[code];
  if (extended !== undefined) return extended;
  if (code <= LAST_COMMON) return code;
  throw virError("invalidArg", `cannot translate keycode ${code} of linux codeset to qnum keycode`);
}

/** What the definition says of memory, with a new maximum. */
function withMaximum(definition: ResolvedDomain, kib: number): ResolvedDomain {
  const { memory, currentMemoryKiB } = definition;
  return {
    ...definition,
    memory: { ...memory, sizeKiB: kib },
    currentMemoryKiB: Math.min(currentMemoryKiB, kib),
  };
}

const NO_LIVE_MAXIMUM = "cannot resize the maximum memory on an active domain";

type MemoryChange = OperationInput<"domain", "setMemory">;

/** @throws VireoError `operationInvalid` when nodes of the guest share the memory */
function refuseNodes({ cpu }: ResolvedDomain): void {
  if ((cpu?.numa?.cells?.length ?? 0) > 0)
    throw virError(
      "operationInvalid",
      "initial memory size of a domain with NUMA nodes cannot be modified with this API",
    );
}

const changeMemory = (definitions: Definitions, input: MemoryChange): Promise<void> =>
  changeDomain(definitions, ["setMemory", input], ({ actor, live, definition }): DomainChange => {
    const { kib, maximum } = input;
    if (maximum === true) {
      if (live !== undefined || definition === undefined)
        throw virError("operationInvalid", NO_LIVE_MAXIMUM);
      refuseNodes(definition);
      return { definition: withMaximum(definition, kib) };
    }
    for (const config of [live?.config, definition])
      if (config !== undefined && kib > config.memory.sizeKiB)
        throw virError("invalidArg", "cannot set memory higher than max memory");
    return {
      ...(definition && { definition: { ...definition, currentMemoryKiB: kib } }),
      ...(live && {
        live: async (undo: Undo): Promise<Known> => {
          await balloonTo({ actor, live }, kib, undo);
          return (now) => now; // the balloon tells as it moves
        },
      }),
    };
  });

/** @throws VireoError `operationInvalid` when there is no balloon */
export async function balloonTo(
  { actor, live }: { readonly actor: DomainActor; readonly live: LiveDomain },
  kib: number,
  undo: Undo,
): Promise<void> {
  undo.add("balloon", () => balloon(actor, live, live.config.currentMemoryKiB));
  await balloon(actor, live, kib);
}

async function balloon(actor: DomainActor, { config }: LiveDomain, kib: number): Promise<void> {
  const { memballoon } = config.devices;
  if (memballoon === undefined || memballoon.model === "none")
    throw virError(
      "operationInvalid",
      "Unable to change memory of active domain without the balloon device and guest OS balloon driver",
    );
  await actor.ask("balloon", { value: kib * 1024 });
}

export const guestRole = (definitions: Definitions): Role<"domain"> => {
  const { list } = definitions;
  return {
    sendKey: (input) => {
      const actor = list.find(input.domain);
      return actor.turn("control", async () => void (await sendKey(actor, input)));
    },
    injectNmi: ({ domain }) => {
      const actor = list.find(domain);
      return actor.turn("control", async () => void (await actor.ask("inject-nmi")));
    },
    monitorCommand: (input) => {
      const actor = list.find(input.domain);
      return actor.turn("control", () => monitorCommand(actor, input));
    },
    setMemory: (input) => changeMemory(definitions, input),
  };
};
