/** The definition that the form of a new domain stands for. */

export interface NewDomain {
  readonly name: string;
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly type: "kvm" | "qemu";
  readonly firmware: "bios" | "uefi";
  readonly disk:
    | { readonly pool: string; readonly volume: string; readonly format: string }
    | undefined;
  /** Path of an ISO image; empty without one. */
  readonly media: string;
  /** Name of a virtual network, `user` or `none` with a leading `:`. */
  readonly network: string;
}

export const USER_NETWORK = ":user";
export const NO_NETWORK = ":none";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("'", "&apos;");

function diskXml({ disk }: NewDomain): string {
  if (disk === undefined) return "";
  return `
    <disk type='volume' device='disk'>
      <driver name='qemu' type='${escaped(disk.format)}' discard='unmap'/>
      <source pool='${escaped(disk.pool)}' volume='${escaped(disk.volume)}'/>
      <target dev='vda' bus='virtio'/>
      <boot order='1'/>
    </disk>`;
}

const mediaXml = ({ media }: NewDomain): string =>
  media === ""
    ? ""
    : `
    <disk type='file' device='cdrom'>
      <source file='${escaped(media)}'/>
      <target dev='sda' bus='sata'/>
      <readonly/>
      <boot order='2'/>
    </disk>`;

function networkXml({ network }: NewDomain): string {
  if (network === NO_NETWORK) return "";
  const source = network === USER_NETWORK ? "" : `<source network='${escaped(network)}'/>`;
  return `
    <interface type='${network === USER_NETWORK ? "user" : "network"}'>
      ${source}<model type='virtio'/>
    </interface>`;
}

/** Modern defaults: q35, virtio, a console to see and one to read, an agent channel. */
export function newDomainXml(wish: NewDomain): string {
  const { name, memoryMiB, vcpus, type, firmware } = wish;
  return `<domain type='${type}'>
  <name>${escaped(name)}</name>
  <memory unit='MiB'>${memoryMiB}</memory>
  <vcpu>${vcpus}</vcpu>
  <os${firmware === "uefi" ? " firmware='efi'" : ""}>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <cpu mode='${type === "kvm" ? "host-passthrough" : "maximum"}'/>
  <devices>${diskXml(wish)}${mediaXml(wish)}${networkXml(wish)}
    <serial type='pty'/>
    <console type='pty'/>
    <channel type='unix'>
      <target type='virtio' name='org.qemu.guest_agent.0'/>
    </channel>
    <input type='tablet' bus='usb'/>
    <graphics type='vnc' port='-1' autoport='yes'/>
    <video>
      <model type='virtio'/>
    </video>
    <memballoon model='virtio'/>
    <rng model='virtio'>
      <backend model='random'>/dev/urandom</backend>
    </rng>
  </devices>
</domain>
`;
}
