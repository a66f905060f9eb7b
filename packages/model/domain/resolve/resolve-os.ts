/** Architecture, machine type and boot order. */
import { virError } from "../../error.ts";
import type { Domain } from "../domain.ts";
import { bootOrderInUse } from "./boot-order.ts";
import type { MachineFacts, ResolveFacts } from "./facts.ts";

/**
 * The guest's architecture is the host's unless it says otherwise.
 * @throws {VireoError} `xmlError` when the kind of guest is missing.
 */
export function resolveArch(domain: Domain, { hostArch }: Pick<ResolveFacts, "hostArch">): Domain {
  const type = domain.os?.type;
  const name = type?.name ?? (domain.bootloader === undefined ? undefined : "xen");
  if (name === undefined) throw virError("xmlError", "an os <type> must be specified");
  return { ...domain, os: { ...domain.os, type: { ...type, name, arch: type?.arch ?? hostArch } } };
}

/** Without any boot device a full guest boots from its first disk. */
export function resolveBoot(domain: Domain): Domain {
  const named = (domain.os?.boots ?? []).length > 0 || domain.bootloader !== undefined;
  if (named || domain.os?.type?.name !== "hvm" || bootOrderInUse(domain)) return domain;
  return { ...domain, os: { ...domain.os, boots: [{ dev: "hd" }] } };
}

const findMachine = (machines: readonly MachineFacts[], name: string): MachineFacts | undefined =>
  machines.find((machine) => machine.name === name) ?? machines.find(({ alias }) => alias === name);

/**
 * The machine type under its full name, QEMU's default when none is named.
 * A QEMU whose machines are unknown gets the name as it is.
 * @throws {VireoError} `configUnsupported` for a machine this QEMU lacks.
 */
export function resolveMachine(domain: Domain, { machines, emulator }: ResolveFacts): Domain {
  const type = domain.os?.type;
  if (type === undefined || machines.length === 0) return domain;
  const machine =
    type.machine === undefined
      ? (machines.find(({ isDefault }) => isDefault === true) ?? machines[0])
      : findMachine(machines, type.machine);
  if (machine !== undefined)
    return { ...domain, os: { ...domain.os, type: { ...type, machine: machine.name } } };
  const path = domain.devices?.emulator ?? emulator;
  throw virError(
    "configUnsupported",
    `Emulator '${path}' does not support machine type '${type.machine ?? ""}'`,
  );
}

/** Guests of these architectures run on the emulator of another. */
const ALSO_RUNS: Readonly<Record<string, readonly string[]>> = {
  x86_64: ["i686"],
  aarch64: ["armv7l", "armv6l"],
  ppc64: ["ppc64le"],
};

/** @throws {VireoError} `configUnsupported` when the emulator runs no guests of the architecture. */
export function checkEmulatorArch(domain: Domain, { arch, emulator }: ResolveFacts): Domain {
  const guest = domain.os?.type?.arch ?? arch;
  if (guest === arch || ALSO_RUNS[arch]?.includes(guest) === true) return domain;
  const path = domain.devices?.emulator ?? emulator;
  throw virError("configUnsupported", `Emulator '${path}' does not support arch '${guest}'`);
}

/** libvirt looks for no emulator when one is named; else it takes the one it found for the architecture. */
export const resolveEmulator = (domain: Domain, { emulator }: ResolveFacts): Domain => ({
  ...domain,
  devices: { ...domain.devices, emulator: domain.devices?.emulator ?? emulator },
});
