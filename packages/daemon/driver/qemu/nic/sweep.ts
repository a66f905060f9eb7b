/** Takes away devices of cards that nobody has any more: of guests that ended, and of starts cut short, while no daemon ran. */
import { createHash } from "node:crypto";
import { removeMacvtap, macvtapsOf } from "../../../host/macvtap.ts";
import { removeSwitchPort, switchPortsOf } from "../../../host/open-vswitch.ts";

/** 31 bits, and never 0, which is every link's group. */
const GROUP_MASK = 0x7fffffff;

/** The group of links that the macvtap devices of one daemon are in, by where it keeps what runs. */
export const groupOfRoot = (root: string): number =>
  (createHash("sha256").update(root).digest().readUInt32BE() & GROUP_MASK) | 1;

interface Sweeping {
  readonly root: string;
  /** Devices of the guests that run. */
  readonly used: ReadonlySet<string>;
  readonly report: (what: string, error: unknown) => void;
}

/** @returns names of what was taken away */
export async function sweepDevices({ root, used, report }: Sweeping): Promise<string[]> {
  const swept: string[] = [];
  const sweep = async (
    names: readonly string[],
    remove: (name: string) => Promise<void>,
  ): Promise<void> => {
    for (const name of names.filter((one) => !used.has(one)))
      await remove(name).then(
        () => swept.push(name),
        (error: unknown) => report(name, error),
      );
  };
  await sweep(macvtapsOf(groupOfRoot(root)), removeMacvtap);
  const ports = await switchPortsOf(root).catch((error: unknown) => {
    report("Open vSwitch", error);
    return [];
  });
  await sweep(ports, removeSwitchPort);
  return swept;
}
