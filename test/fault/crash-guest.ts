/** The guest whose daemon dies: firmware of four bytes, so that it costs nothing to run. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const GUEST = "crash";

const ROM_BYTES = 64 << 10;
/** `cli; hlt; jmp` to itself, where an x86 begins: 16 bytes below the end. */
const IDLE = Buffer.from([0xfa, 0xf4, 0xeb, 0xfd]);

interface Variant {
  readonly description: string;
  /** With what QEMU unplugs without asking a guest; the card cannot be saved. */
  readonly usb?: boolean;
}

const stick = (directory: string): string => `<disk type='file' device='disk'>
  <driver name='qemu' type='raw'/>
  <source file='${directory}/stick.img'/>
  <target dev='sda' bus='usb'/>
</disk>
`;

const USB_CARD = `<interface type='user'>
  <mac address='52:54:00:00:00:01'/>
  <model type='usb-net'/>
  <address type='usb' bus='0' port='2'/>
</interface>
`;

const guestXml = (
  directory: string,
  { description, usb = false }: Variant,
): string => `<domain type='qemu'>
  <name>${GUEST}</name>
  <uuid>0f0e0d0c-0b0a-4908-8706-050403020199</uuid>
  <description>${description}</description>
  <memory unit='MiB'>16</memory>
  <vcpu current='1'>2</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type><loader type='rom'>${directory}/idle.rom</loader></os>
  <features><acpi/></features>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='${directory}/base.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    ${usb ? stick(directory) + USB_CARD : ""}
    <serial type='pty'/>
    <memballoon model='virtio'/>
  </devices>
</domain>
`;

/** What devices are attached and detached, by the name of their file. */
const DEVICES: Readonly<Record<string, (directory: string) => string>> = {
  disk: (directory) => `<disk type='file' device='disk'>
  <driver name='qemu' type='raw'/>
  <source file='${directory}/plugged.img'/>
  <target dev='vdb' bus='virtio'/>
</disk>
`,
  card: () => `<interface type='user'>
  <mac address='52:54:00:00:00:02'/>
  <model type='virtio'/>
</interface>
`,
  stick,
  "usb-card": () => USB_CARD,
  push: (directory) => `<domainbackup>
  <disks>
    <disk name='vda' backup='yes' type='file'><target file='${directory}/push.qcow2'/></disk>
  </disks>
</domainbackup>
`,
  pull: (directory) => `<domainbackup mode='pull'>
  <server transport='unix' socket='${directory}/nbd'/>
  <disks>
    <disk name='vda' backup='yes' type='file'><scratch file='${directory}/scratch.qcow2'/></disk>
  </disks>
</domainbackup>
`,
};

/** Names of what is laid out; everything else in the directory has been made by the daemon. */
export const LAID_OUT = /\.xml$|^idle\.rom$|^stick\.img$|^plugged\.img$|^fuse/;

/** Puts the firmware, the spare disks and the XML of everything into a directory. */
export function layOut(directory: string): void {
  const put = (name: string, data: string | Buffer): void =>
    writeFileSync(join(directory, name), data);
  const rom = Buffer.alloc(ROM_BYTES);
  IDLE.copy(rom, ROM_BYTES - 16);
  put("idle.rom", rom);
  for (const name of ["stick.img", "plugged.img"]) put(name, Buffer.alloc(1 << 20));
  put("guest.xml", guestXml(directory, { description: "first" }));
  put("again.xml", guestXml(directory, { description: "second" }));
  put("usb.xml", guestXml(directory, { description: "first", usb: true }));
  for (const [name, xml] of Object.entries(DEVICES)) put(`${name}.xml`, xml(directory));
}
