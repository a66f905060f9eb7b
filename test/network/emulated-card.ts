/**
 * A network card with virtual functions, for a machine that has none: the parts of sysfs that tell
 * of it, below mounts of the namespace that this is run in. Emulated: no packet goes anywhere.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DEVICES = "/sys/bus/pci/devices";
const LINKS = "/sys/class/net";
const CARD = "0000:05:00.0";
const FUNCTIONS = ["0000:05:10.0", "0000:05:10.1", "0000:05:10.2"];
/** A card without functions. */
const PLAIN = "0000:06:00.0";

function mountOver(directory: string): void {
  const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "none", directory]);
  if (status !== 0) throw new Error(`cannot mount over ${directory}: ${stderr.toString()}`);
}

const interfaceOf = (name: string, device: string): void => {
  mkdirSync(join(LINKS, name), { recursive: true });
  symlinkSync(join(DEVICES, device), join(LINKS, name, "device"));
};

/** `pf0` has three functions, the first of them as `vf0` in the host's hands; `plain0` has none. */
export function emulateCard(): void {
  mountOver(LINKS);
  mountOver(DEVICES);
  for (const device of [CARD, PLAIN, ...FUNCTIONS])
    mkdirSync(join(DEVICES, device), { recursive: true });
  for (const [number, device] of FUNCTIONS.entries()) {
    symlinkSync(`../${CARD}`, join(DEVICES, device, "physfn"));
    symlinkSync(`../${device}`, join(DEVICES, CARD, `virtfn${number}`));
  }
  writeFileSync(join(DEVICES, CARD, "sriov_numvfs"), `${FUNCTIONS.length}\n`);
  writeFileSync(join(DEVICES, CARD, "sriov_totalvfs"), "7\n");
  mkdirSync(join(DEVICES, "0000:05:10.0", "net", "vf0"), { recursive: true });
  interfaceOf("pf0", CARD);
  interfaceOf("plain0", PLAIN);
  interfaceOf("vf0", "0000:05:10.0");
  mkdirSync(join(LINKS, "lo"));
}
