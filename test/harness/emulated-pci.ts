/** PCI devices for an emulated kernel. */
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Attributes, EmulatedKernel } from "./emulated-kernel.ts";

const CONFIG_BYTES = 256;
const HEADER_TYPE = 0x0e;

interface PciWish {
  readonly address: string;
  /** Of the host; the device is its at the beginning. */
  readonly driver?: string;
  /** Without one the IOMMU does not serve it. */
  readonly group?: number;
  readonly bridge?: boolean;
  /** Network cards of its driver. */
  readonly cards?: readonly string[];
  /** The kernel knows a way to reset it alone; usual. */
  readonly reset?: boolean;
  readonly more?: Attributes;
}

const attributesOf = ({ address, bridge = false, reset = true, more }: PciWish): Attributes => ({
  uevent: `PCI_CLASS=${bridge ? "60400" : "20000"}\nPCI_ID=8086:10C9\nPCI_SLOT_NAME=${address}`,
  vendor: "0x8086",
  device: "0x10c9",
  class: bridge ? "0x060400" : "0x020000",
  numa_node: "-1",
  driver_override: "(null)",
  config: Buffer.alloc(CONFIG_BYTES).fill(bridge ? 1 : 0, HEADER_TYPE, HEADER_TYPE + 1),
  ...(reset ? { reset: "" } : {}),
  ...more,
});

/** The same everywhere: below the root of the bus. */
const placeOf = (address: string): string => `devices/pci0000:00/${address}`;

function putCard(kernel: EmulatedKernel, device: string, name: string): void {
  kernel.put(`${device}/net/${name}`, { address: "52:54:00:aa:bb:cc", operstate: "up" });
  kernel.link(`${device}/net/${name}/device`, device);
}

/** @returns its directory in sysfs */
export function putPci(kernel: EmulatedKernel, wish: PciWish): string {
  const { address, driver, group, cards = [] } = wish;
  const device = kernel.put(placeOf(address), attributesOf(wish));
  kernel.link(`${device}/subsystem`, "bus/pci");
  kernel.link(`bus/pci/devices/${address}`, device);
  for (const name of cards) {
    putCard(kernel, device, name);
    kernel.link(`class/net/${name}`, `${device}/net/${name}`);
  }
  if (group !== undefined) {
    kernel.link(`kernel/iommu_groups/${group}/devices/${address}`, device);
    kernel.link(`${device}/iommu_group`, `kernel/iommu_groups/${group}`);
  }
  if (driver === undefined) return device;
  kernel.addDriver(driver);
  kernel.put(".native", { [address]: driver });
  kernel.link(`${device}/driver`, `bus/pci/drivers/${driver}`);
  kernel.link(`bus/pci/drivers/${driver}/${address}`, device);
  return device;
}

const IP = join(import.meta.dirname, "emulated-ip-main.ts");

/** The program that tells virtual functions their addresses; what they were told is in `functions` of the root. */
export function putIp(kernel: EmulatedKernel, functions: readonly string[]): string {
  const told = join(kernel.root, "functions");
  writeFileSync(told, functions.map((line) => `${line}\n`).join(""));
  const program = join(kernel.root, "ip");
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${IP}' '${told}' "$@"\n`);
  chmodSync(program, 0o755);
  return told;
}

interface VirtualWish {
  readonly physical: string;
  readonly driver: string;
  readonly functions: readonly {
    readonly address: string;
    readonly group: number;
    readonly card: string;
  }[];
}

/** Virtual functions that come when `sriov_numvfs` says so. */
export function putVirtual(
  kernel: EmulatedKernel,
  { physical, driver, functions }: VirtualWish,
): void {
  kernel.addDriver(driver);
  const total = String(functions.length);
  kernel.put(placeOf(physical), { sriov_totalvfs: total, sriov_numvfs: "0" });
  for (const [index, { address, group, card }] of functions.entries()) {
    const waiting = `.virtual/${physical}/${index}`;
    kernel.put(waiting, { address, group: String(group) });
    kernel.put(".native", { [address]: driver });
    const device = kernel.put(placeOf(address), attributesOf({ address }));
    kernel.link(`${device}/subsystem`, "bus/pci");
    putCard(kernel, device, card);
    const cards = join(kernel.tree, ".cards", address);
    mkdirSync(cards, { recursive: true });
    cpSync(join(kernel.tree, device, "net"), cards, { recursive: true, verbatimSymlinks: true });
    rmSync(join(kernel.tree, device, "net"), { recursive: true });
    cpSync(join(kernel.tree, device), join(kernel.tree, waiting, "device"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    rmSync(join(kernel.tree, device), { recursive: true });
  }
}
