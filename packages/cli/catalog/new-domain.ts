/** Commands that make domains, and the images they begin with. */
import { type Commands, data, flag, number, text, words } from "./option.ts";
import { domain, printXml } from "./shared.ts";

const named = { named: true } as const;
const poolOption = text("pool of what is made, 'default' when absent", named);

export const newDomainCommands = {
  "domain-create": {
    summary: "Make a domain, with its disk, and start it",
    detail:
      "The domain is a q35 machine with virtio devices. What was made on the way is removed again when a step fails. " +
      "With --location the kernel in that directory is booted once, later starts boot from the disk.",
    options: {
      name: data("name of the new domain"),
      memory: number("uint", "MiB of memory; as the OS likes it, or 1024", named),
      vcpus: number("uint", "virtual CPUs, 1 when absent", named),
      disk: words(
        "size=GIB[,pool=NAME][,format=FORMAT] for a new volume, path=FILE or pool=NAME,volume=NAME for one that is there, or none; may be given several times",
        named,
      ),
      "os-variant": text(
        "short id of the OS in osinfo-db, such as debian11: memory and devices follow it",
        named,
      ),
      cdrom: text("boot from this ISO image, too", named),
      location: text(
        "directory or http(s) URL with an installer's kernel and initrd, as Debian's netboot or a distribution's tree",
        named,
      ),
      "extra-args": text("more arguments of the installer's kernel", named),
      unattended: text("the installer's answers: a preseed or kickstart file", named),
      import: flag("the disk has a system already: nothing is installed"),
      network: text("network=NAME, bridge=NAME, user or none; user when absent", named),
      graphics: text("none, vnc or spice; vnc when absent", named),
      boot: text(
        "uefi or bios, menu=on|off, devices in order (hd, cdrom, network), with commas",
        named,
      ),
      type: text("kvm or qemu; what works here when absent", named),
      "cloud-init": text("file with the user-data that cloud-init reads at first boot", named),
      "network-config": text("file with cloud-init's network-config", named),
      "no-start": flag("only define it"),
      "print-xml": printXml,
    },
  },
  clone: {
    summary: "Make a domain like another one, with copies of its disks",
    detail:
      "The disks must be volumes of active pools. With --linked nothing is copied: both domains go on in new images " +
      "upon the present ones, which are never written to again.",
    options: {
      domain,
      newname: data("name of the new domain"),
      linked: flag("new layers upon the same images instead of copies"),
    },
  },
  "image-import": {
    summary: "Bring an image from a file or URL into a pool",
    options: {
      source: data("file, or http(s) URL"),
      pool: poolOption,
      name: text("name of the volume; the file's own when absent", named),
      sha256: text("refuse it unless this is its SHA-256", named),
    },
  },
  "image-list": {
    summary: "List the images in pools, and who uses them",
    options: { pool: text("only of this pool", named) },
  },
} as const satisfies Commands;
