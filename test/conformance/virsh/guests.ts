/** The guests of the scenes: the same for both daemons but for the directory. */
import { buildGuest } from "../../guest/build-guest.ts";
import type { GuestKind } from "./scene.ts";

const uuid = (last: number): string => `0f0e0d0c-0b0a-4908-8706-05040302010${last}`;

const disks = (name: string): string => `
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='DIR/${name}.qcow2'/>
      <target dev='vda' bus='virtio'/>
      <serial>first</serial>
    </disk>
    <disk type='file' device='cdrom'>
      <driver name='qemu' type='raw'/>
      <source file='DIR/medium.iso'/>
      <target dev='hdc' bus='ide'/>
      <readonly/>
    </disk>`;

/** A board without an operating system. */
const board = (name: string, last: number): string => `<domain type='qemu'>
  <name>${name}</name>
  <uuid>${uuid(last)}</uuid>
  <maxMemory slots='4' unit='MiB'>256</maxMemory>
  <memory unit='MiB'>64</memory>
  <currentMemory unit='MiB'>64</currentMemory>
  <vcpu current='1'>2</vcpu>
  <iothreads>1</iothreads>
  <os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os>
  <features><acpi/></features>
  <cpu mode='custom' match='exact'><model>qemu64</model><numa><cell id='0' cpus='0-1' memory='64' unit='MiB'/></numa></cpu>
  <devices>${disks(name)}
    <interface type='user'>
      <mac address='52:54:00:00:00:0${last}'/>
      <model type='virtio'/>
      <alias name='ua-net'/>
    </interface>
    <serial type='pty'/>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <graphics type='vnc' autoport='yes' listen='127.0.0.1'/>
    <video><model type='vga' vram='16384' heads='1'/></video>
    <watchdog model='i6300esb' action='pause'/>
    <memballoon model='virtio'/>
  </devices>
</domain>
`;

/** A small Linux with free slots for hot plug; it tells on DIR/linux.log that it is up. */
function linux(): string {
  const guest = buildGuest();
  return `<domain type='qemu'>
  <name>linux</name>
  <uuid>${uuid(9)}</uuid>
  <memory unit='MiB'>160</memory>
  <vcpu current='1'>2</vcpu>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
    <kernel>${guest.kernel}</kernel>
    <initrd>${guest.initrd}</initrd>
    <cmdline>${guest.cmdline}</cmdline>
  </os>
  <features><acpi/><apic/></features>
  <devices>
    <controller type='pci' index='0' model='pcie-root'/>
    ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((index) => `<controller type='pci' index='${index}' model='pcie-root-port'/>`).join("")}
    <controller type='scsi' model='virtio-scsi'/>
    <controller type='usb' model='qemu-xhci'/>${disks("linux").replace("hdc", "sda").replace("'ide'", "'sata'")}
    <interface type='user'><mac address='52:54:00:00:00:09'/><model type='virtio'/></interface>
    <serial type='file'><source path='DIR/linux.log'/></serial>
    <memballoon model='virtio'/>
  </devices>
</domain>
`;
}

/** The definition of a guest, with DIR in it. */
export const guestXml = (kind: GuestKind): string =>
  kind === "linux" ? linux() : board(kind, { off: 1, one: 2, two: 3 }[kind]);
