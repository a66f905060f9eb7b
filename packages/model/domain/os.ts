/** `<os>`: what the guest boots, and how. */
import { element, type Infer } from "../schema/element.ts";
import {
  attr,
  child,
  children,
  content,
  discriminant,
  requiredAttr,
  requiredContent,
  text,
  texts,
} from "../schema/member.ts";
import { int, oneOf, string, uint, yesNo } from "../schema/scalar.ts";
import { STORAGE_TYPES, storageSource } from "./device/disk-source.ts";

export const OsType = element("type", "Kind of guest and the virtual board.", {
  arch: attr(string, { doc: "Architecture of the guest, e.g. `x86_64`." }),
  machine: attr(string, { doc: "Machine type, e.g. `q35`." }),
  name: content(string, { doc: "`hvm` for full virtualization." }),
});
const FirmwareFeature = element("feature", "A feature the chosen firmware must have or lack.", {
  enabled: requiredAttr(yesNo, { doc: "Must have, or must lack." }),
  name: requiredAttr(oneOf("enrolled-keys", "secure-boot"), { doc: "Feature." }),
});
const Firmware = element("firmware", "What the chosen firmware must be able to do.", {
  features: children(FirmwareFeature, { doc: "Features." }),
});
export const Loader = element("loader", "Firmware image.", {
  readOnly: attr(yesNo, { name: "readonly", doc: "The guest cannot write it." }),
  secure: attr(yesNo, { doc: "The firmware implements secure boot." }),
  type: attr(oneOf("rom", "pflash"), { doc: "How it is mapped." }),
  stateless: attr(yesNo, { doc: "It needs no variable store." }),
  path: content(string, { doc: "Absolute path." }),
});
export const Nvram = element("nvram", "Variable store of UEFI firmware.", {
  template: attr(string, { doc: "Image a new store is copied from." }),
  type: discriminant(STORAGE_TYPES, {
    doc: "Kind of storage.",
    default: "file",
    omit: "file",
  }),
  source: storageSource,
  path: content(string, { doc: "Absolute path, for `file`." }),
});
const Boot = element("boot", "A kind of device to boot from.", {
  dev: requiredAttr(oneOf("fd", "cdrom", "hd", "network"), { doc: "Kind of device." }),
});
const BootMenu = element("bootmenu", "Boot menu of the firmware.", {
  enable: attr(yesNo, { doc: "Shown." }),
  timeout: attr(uint, { doc: "Milliseconds." }),
});
const Bios = element("bios", "Behaviour of SeaBIOS.", {
  useserial: attr(yesNo, { doc: "Messages on the serial port." }),
  rebootTimeout: attr(int, { doc: "Milliseconds before trying again; -1: never." }),
});
const AcpiTable = element("table", "An ACPI table.", {
  type: requiredAttr(oneOf("slic"), {
    doc: "Kind of table.",
    invalid: "Unknown acpi table type: %s",
  }),
  path: requiredContent(string, { doc: "Absolute path of its data." }),
});
const InitVariable = element("initenv", "A variable of a container's first process.", {
  name: requiredAttr(string, { doc: "Name." }),
  value: content(string, { doc: "Value." }),
});

export const Os = element(
  "os",
  "What the guest boots, and how.",
  {
    firmware: attr(oneOf("bios", "efi"), { doc: "Kind of firmware to choose automatically." }),
    type: child(OsType, { doc: "Kind of guest and the virtual board." }),
    firmwareFeatures: child(Firmware, { doc: "What the chosen firmware must be able to do." }),
    init: text(string, { doc: "First process of a container." }),
    initargs: texts(string, { name: "initarg", doc: "Its arguments." }),
    initenvs: children(InitVariable, { doc: "Its environment." }),
    initdir: text(string, { doc: "Its directory." }),
    inituser: text(string, { doc: "Its user." }),
    initgroup: text(string, { doc: "Its group." }),
    loader: child(Loader, { doc: "Firmware image." }),
    nvram: child(Nvram, { doc: "Variable store of UEFI firmware." }),
    kernel: text(string, { doc: "Kernel on the host to boot directly." }),
    initrd: text(string, { doc: "Its initial RAM disk." }),
    cmdline: text(string, { doc: "Its command line." }),
    dtb: text(string, { doc: "Device tree." }),
    root: text(string, { doc: "Root device." }),
    acpi: child(
      element("acpi", "Extra ACPI tables.", { tables: children(AcpiTable, { doc: "Tables." }) }),
      { doc: "Extra ACPI tables." },
    ),
    boots: children(Boot, { doc: "Kinds of devices to boot from, in order." }),
    bootmenu: child(BootMenu, { doc: "Boot menu of the firmware." }),
    bios: child(Bios, { doc: "Behaviour of SeaBIOS." }),
    smbios: child(
      element("smbios", "Where SMBIOS tables come from.", {
        mode: requiredAttr(oneOf("emulate", "host", "sysinfo"), {
          invalid: "unknown smbios mode '%s'",
          fault: "configUnsupported",
          doc: "QEMU, the host, or `<sysinfo>`.",
        }),
      }),
      { doc: "Where SMBIOS tables come from." },
    ),
  },
  { empty: true },
);
export type Os = Infer<typeof Os>;
export type OsType = Infer<typeof OsType>;
export type Loader = Infer<typeof Loader>;
export type Nvram = Infer<typeof Nvram>;
