/** What QEMU is told about itself: name, monitor, sandbox, messages, deprecated features. */
import { type CommandArg, flagArg, optionString, rawArg } from "./argument.ts";
import type { CommandInput } from "./input.ts";

const ORIGIN = "/domain";

export const nameArgs = ({ domain, context }: CommandInput): CommandArg[] => [
  rawArg(
    "-name",
    optionString(undefined, [
      ["guest", domain.name],
      ["process", context.settings.setProcessName === true ? `qemu:${domain.name}` : undefined],
      ["debug-threads", true],
    ]),
    "/domain/name",
  ),
];

/** Virtual CPUs wait for `cont`, so that the daemon can finish its part first. */
export const pausedArgs = (): CommandArg[] => [flagArg("-S", ORIGIN)];

const COMPAT: Readonly<Record<string, readonly [output: string, input: string]>> = {
  omit: ["hide", "accept"],
  reject: ["hide", "reject"],
  crash: ["hide", "crash"],
};

export function compatArgs({ domain, caps, context }: CommandInput): CommandArg[] {
  const behaviour = domain.qemuDeprecation?.behavior ?? context.settings.deprecationBehavior;
  const [output, input] = (behaviour === undefined ? undefined : COMPAT[behaviour]) ?? [];
  if (output === undefined || !caps.flags.has("compat-deprecated")) return [];
  return [
    rawArg(
      "-compat",
      optionString(undefined, [
        ["deprecated-output", output],
        ["deprecated-input", input],
      ]),
      "/domain/qemu:deprecation",
    ),
  ];
}

/** No configuration files, no default devices: the guest has what its definition says. */
export const bareArgs = (): CommandArg[] => [
  flagArg("-no-user-config", ORIGIN),
  flagArg("-nodefaults", ORIGIN),
];

/** The daemon listens before QEMU runs, so it may connect at once. */
export function monitorArgs({ context, fds }: CommandInput): CommandArg[] {
  const path = `${context.domainDir}/monitor.sock`;
  const fd = fds.take({ kind: "monitor", id: "monitor", path, origin: ORIGIN });
  return [
    rawArg(
      "-chardev",
      optionString("socket", [
        ["id", "charmonitor"],
        ["fd", fd],
        ["server", true],
        ["wait", false],
      ]),
      ORIGIN,
    ),
    rawArg("-mon", "chardev=charmonitor,id=monitor,mode=control", ORIGIN),
  ];
}

const SANDBOX = optionString("on", [
  ["obsolete", "deny"],
  ["elevateprivileges", "deny"],
  ["spawn", "deny"],
  ["resourcecontrol", "deny"],
]);

export function sandboxArgs({ caps, context }: CommandInput): CommandArg[] {
  if (context.settings.seccompSandbox === false) return [rawArg("-sandbox", "off", ORIGIN)];
  return caps.flags.has("seccomp-sandbox") ? [rawArg("-sandbox", SANDBOX, ORIGIN)] : [];
}

export const messageArgs = ({ context }: CommandInput): CommandArg[] =>
  context.settings.logTimestamp === false ? [] : [rawArg("-msg", "timestamp=on", ORIGIN)];

/** A display of its own only when nothing shows the guest. */
export const displayArgs = ({ domain }: CommandInput): CommandArg[] =>
  (domain.devices.graphics ?? []).length === 0
    ? [rawArg("-display", "none", "/domain/devices")]
    : [];

/** State comes from elsewhere: a migration, or an internal snapshot. */
export const incomingArgs = ({ context }: CommandInput): CommandArg[] => [
  ...(context.incoming === undefined ? [] : [rawArg("-incoming", context.incoming, ORIGIN)]),
  ...(context.loadSnapshot === undefined ? [] : [rawArg("-loadvm", context.loadSnapshot, ORIGIN)]),
];

/** Arguments the definition adds past all knowledge of ours; pairs stay together. */
export const passthroughArgs = ({ domain }: CommandInput): CommandArg[] =>
  (domain.qemuCommandLine?.args ?? []).map((arg, index) =>
    flagArg(arg.value, `/domain/qemu:commandline/qemu:arg[${index + 1}]`),
  );
