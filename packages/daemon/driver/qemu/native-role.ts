/** A domain in QEMU's own words: the command line that would start it, for people and their scripts. */
import { nameDevices } from "@vireo/model/domain/resolve/name-devices";
import { virError } from "@vireo/model/error";
import type { CommandArg } from "@vireo/qemu/command/argument";
import { commandLine, type QemuCommand } from "@vireo/qemu/command/command-line";
import type { GrantedFd } from "@vireo/qemu/command/fd-needs";
import type { Role } from "../contract.ts";
import { commandContext, newMasterKey } from "./command-context.ts";
import { readDefinition } from "./definition.ts";
import type { QemuEnvironment } from "./environment.ts";
import { withGuestCpu } from "./guest-cpu.ts";
import { withVolumes } from "./volume-disks.ts";

const FORMAT = "qemu-argv";
/** The id of a domain that does not run. */
const NO_ID = -1;

/** What a shell would read as something else than itself. */
const SPECIAL = /[\s!"#$&'()*;<>?[\\\]^`{|}~]/;
const shellWord = (text: string): string =>
  text !== "" && !SPECIAL.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** Nobody will hand QEMU a socket that listens already: it opens its own. */
const withPath = (value: string, { fd, path }: GrantedFd): string =>
  path === undefined ? value : value.replace(`,fd=${fd},server=on`, `,path=${path},server=on`);

const wordsOf = ({ option, value }: CommandArg, fds: readonly GrantedFd[]): readonly string[] =>
  value === undefined ? [option] : [option, fds.reduce(withPath, value)];

const textOf = ({ env, binary, args, passedFds }: QemuCommand): string =>
  [
    ...Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`),
    shellWord(binary),
    ...args.flatMap((arg) => wordsOf(arg, passedFds)).map(shellWord),
  ].join(" ");

export const nativeRole = (env: QemuEnvironment): Role<"connect"> => ({
  domainXmlToNative: async ({ format, xml }) => {
    if (format !== FORMAT) throw virError("invalidArg", `unsupported config type ${format}`);
    const definition = nameDevices(await readDefinition(env, { xml }));
    const emulator = await env.emulatorFor(definition);
    const domain = await withGuestCpu(definition, emulator);
    const context = commandContext(domain, {
      id: NO_ID,
      paths: env.paths,
      masterKey: newMasterKey(),
      secrets: env.secrets,
    });
    return textOf(commandLine(withVolumes(domain, env.volumes), emulator.caps, context));
  },
});
