/**
 * A host with devices to give away, emulated, and a daemon on it: vireod, or the real libvirtd in namespaces of its
 * own. QEMU is real, but for stand-ins of the devices.
 */
import { join } from "node:path";
import { EmulatedKernel } from "../harness/emulated-kernel.ts";
import { Libvirtd } from "../harness/libvirtd.ts";
import { standInQemu } from "../harness/stand-in-qemu.ts";
import { Vireod } from "../harness/vireod.ts";

export type Hardware = (kernel: EmulatedKernel) => void;

/** libvirtd may lock so much without CAP_SYS_RESOURCE. */
const LOCKABLE = "<memtune><hard_limit unit='KiB'>8192</hard_limit></memtune>";

export class AssignedHost {
  readonly kernel: EmulatedKernel;
  readonly daemon: Vireod | Libvirtd;
  readonly emulator: string;

  private constructor(kernel: EmulatedKernel, daemon: Vireod | Libvirtd, emulator: string) {
    this.kernel = kernel;
    this.daemon = daemon;
    this.emulator = emulator;
  }

  /** @param words of its command line */
  static async vireod(
    hardware: Hardware,
    env: Readonly<Record<string, string>> = {},
    words: readonly string[] = [],
  ): Promise<AssignedHost> {
    const kernel = await EmulatedKernel.started();
    hardware(kernel);
    const vireod = new Vireod(undefined, words, { VIREO_DEVICES: kernel.root, ...env });
    await vireod.start();
    return new AssignedHost(kernel, vireod, standInQemu(join(kernel.root, "qemu")));
  }

  static async libvirtd(hardware: Hardware): Promise<AssignedHost> {
    const kernel = await EmulatedKernel.started("/sys");
    hardware(kernel);
    const libvirtd = await Libvirtd.started({ hardware: kernel.root });
    return new AssignedHost(kernel, libvirtd, standInQemu(join(kernel.root, "qemu")));
  }

  /** A domain without disks and with these devices. */
  domain(name: string, devices: string): string {
    const limit = this.daemon instanceof Libvirtd ? LOCKABLE : "";
    return `<domain type='qemu'><name>${name}</name><memory unit='MiB'>32</memory>${limit}
<os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os><features><acpi/></features>
<devices><emulator>${this.emulator}</emulator><controller type='usb' model='piix3-uhci'/>
<controller type='scsi' index='0' model='virtio-scsi'/>${devices}<memballoon model='none'/></devices></domain>`;
  }

  async cleanUp(): Promise<void> {
    await this.daemon.cleanUp();
    await this.kernel.cleanUp();
  }
}

export const pciHostdev = (address: string, managed: "yes" | "no" = "yes"): string => {
  const [domain, bus, slot, fn] = address.split(/[:.]/);
  return `<hostdev mode='subsystem' type='pci' managed='${managed}'>
<source><address domain='0x${domain}' bus='0x${bus}' slot='0x${slot}' function='0x${fn}'/></source></hostdev>`;
};
