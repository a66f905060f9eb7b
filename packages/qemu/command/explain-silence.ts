/** Why some parts of a definition make no argument of QEMU. */

/** Text of an attribute of the part, such as `target/@type`. */
type Attribute = (path: string) => string | undefined;

interface Silence {
  /** Path without positions, `/domain/devices/console`. */
  readonly path: string;
  readonly when?: (attribute: Attribute) => boolean;
  readonly why: string;
}

const DEVICES = "/domain/devices";
const is =
  (path: string, ...values: readonly string[]) =>
  (attribute: Attribute): boolean =>
    values.includes(attribute(path) ?? "");

const ON_BOARD = "It is part of the machine type";
const CGROUPS = "The host's control groups limit it, not QEMU";
const FOR_PEOPLE = "It is kept for people and their tools";
const DAEMON = "The daemon acts on it";

const SILENCES: readonly Silence[] = [
  { path: `${DEVICES}/emulator`, why: "It is the program that is started" },
  {
    path: `${DEVICES}/console`,
    when: is("target/@type", "serial"),
    why: "It is the first serial port under another name",
  },
  { path: `${DEVICES}/controller`, when: is("@type", "fdc", "ide", "sata", "isa"), why: ON_BOARD },
  { path: `${DEVICES}/controller`, when: is("@model", "pci-root", "pcie-root"), why: ON_BOARD },
  { path: `${DEVICES}/controller`, when: is("@model", "none"), why: "It says that there is none" },
  { path: `${DEVICES}/controller`, when: is("@type", "xenbus"), why: "Only Xen has it" },
  { path: `${DEVICES}/input`, when: is("@bus", "ps2"), why: ON_BOARD },
  { path: `${DEVICES}/memballoon`, when: is("@model", "none"), why: "It says that there is none" },
  { path: `${DEVICES}/video`, when: is("model/@type", "none"), why: "It says that there is none" },
  { path: `${DEVICES}/panic`, when: is("@model", "hyperv"), why: "It is a property of the CPU" },
  { path: `${DEVICES}/panic`, when: is("@model", "pseries"), why: ON_BOARD },
  { path: `${DEVICES}/watchdog`, when: is("@model", "itco"), why: ON_BOARD },
  { path: `${DEVICES}/lease`, why: "The lock manager of the host holds it" },
  { path: `${DEVICES}/redirfilter`, why: "It is a property of the redirected devices" },
  { path: `${DEVICES}/nvram`, why: ON_BOARD },
  { path: `${DEVICES}/hostdev`, when: is("@mode", "capabilities"), why: "Only containers have it" },
  { path: "/domain/@type", why: "It chooses the accelerator" },
  { path: "/domain/title", why: FOR_PEOPLE },
  { path: "/domain/description", why: FOR_PEOPLE },
  { path: "/domain/metadata", why: FOR_PEOPLE },
  { path: "/domain/currentMemory", why: "The balloon is told once QEMU runs" },
  { path: "/domain/blkiotune", why: CGROUPS },
  { path: "/domain/memtune", why: CGROUPS },
  { path: "/domain/cputune", why: CGROUPS },
  { path: "/domain/resource", why: CGROUPS },
  { path: "/domain/perf", why: "The host counts it" },
  { path: "/domain/os/boot", why: "Devices carry their place in the boot order" },
  { path: "/domain/on_poweroff", why: DAEMON },
  { path: "/domain/on_reboot", why: DAEMON },
  { path: "/domain/on_crash", why: DAEMON },
  { path: "/domain/on_lockfailure", why: DAEMON },
  { path: "/domain/seclabel", why: "The security driver of the host labels the process" },
  { path: "/domain/idmap", why: "Only containers have it" },
];

/**
 * Why the part of the definition at `path` needs no argument; undefined when nothing is known about it.
 * @param attribute text of an attribute, by its path below `path`
 */
export function silenceOf(path: string, attribute: Attribute): string | undefined {
  const plain = path.replaceAll(/\[\d+\]/g, "");
  const found = SILENCES.find((one) => one.path === plain && (one.when?.(attribute) ?? true));
  return found?.why;
}

/** Arguments that are given because something is absent. */
const ABSENCES: Readonly<Record<string, string>> = {
  "/domain/features/acpi": "The definition has no <acpi>, and QEMU has it unless told",
  "/domain/memoryBacking": "The definition asks for no locked memory, and QEMU is told so",
};

/** Why an argument names an element that the definition does not have. */
export const absenceOf = (origin: string): string | undefined => ABSENCES[origin];
