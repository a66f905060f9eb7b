/** The part of QEMU's capabilities a command line depends on. */

export interface MachineView {
  /** Id of the machine's main memory object, `pc.ram`. */
  readonly defaultRamId?: string;
  /** The machine still takes sizes in `-numa node,mem=`. */
  readonly numaMemSupported?: boolean;
}

export interface CapabilitiesView {
  /** Path of the emulator that was probed. */
  readonly binary: string;
  /** major x 1000000 + minor x 1000 + micro. */
  readonly version: number;
  /** What this QEMU can do, by libvirt's flag names. */
  readonly flags: ReadonlySet<string>;
  /** Facts of a machine type, by name or alias. */
  machine(name: string | undefined): MachineView | undefined;
}
