/** `<domain>`: a guest, as libvirt describes it. */
import { element, type Infer } from "../schema/element.ts";
import {
  attr,
  child,
  children,
  raw,
  requiredAttr,
  requiredText,
  scaledText,
  text,
} from "../schema/member.ts";
import { int, oneOf, string, uint } from "../schema/scalar.ts";
import { KIB } from "../schema/unit.ts";
import { uuid } from "../uuid.ts";
import { onePerNamespace } from "../xml/one-per-namespace.ts";
import { BlkioTune } from "./blkio-tune.ts";
import { Clock } from "./clock.ts";
import { Cpu } from "./cpu.ts";
import { Devices } from "./device/devices.ts";
import { Features } from "./features.ts";
import { Genid } from "./genid.ts";
import { IdMap } from "./id-map.ts";
import { KeyWrap, LaunchSecurity } from "./launch-security.ts";
import { MaxMemory, Memory, MemoryBacking, MemoryTune, NumaTune } from "./memory.ts";
import { Os } from "./os.ts";
import { Perf } from "./perf.ts";
import { PowerManagement } from "./power-management.ts";
import {
  QemuCapabilityOverride,
  QemuCommandLine,
  QemuDeprecation,
  QemuOverride,
} from "./qemu-namespace.ts";
import { Resource } from "./resource.ts";
import { SecurityLabel } from "./security-label.ts";
import { Sysinfo } from "./sysinfo.ts";
import { CpuTune, DefaultIoThread, IoThreadIds, Vcpu, Vcpus } from "./vcpu.ts";

export const DOMAIN_TYPES = [
  "qemu",
  "kqemu",
  "kvm",
  "xen",
  "lxc",
  "uml",
  "openvz",
  "test",
  "vmware",
  "hyperv",
  "vbox",
  "phyp",
  "parallels",
  "bhyve",
  "vz",
  "hvf",
] as const;

const action = oneOf("destroy", "restart", "rename-restart", "preserve");
const crashAction = oneOf(
  "destroy",
  "restart",
  "rename-restart",
  "preserve",
  "coredump-destroy",
  "coredump-restart",
);

export const Domain = element("domain", "A guest.", {
  type: requiredAttr(oneOf(...DOMAIN_TYPES), {
    doc: "Hypervisor; `qemu` emulates, `kvm` uses the processor's help.",
    invalid: "invalid domain type %s",
    fault: "configUnsupported",
    missing: "missing domain type attribute",
    missingFault: "internalError",
  }),
  id: attr(int, { doc: "Number of the running domain.", show: "live" }),
  name: requiredText(string, {
    doc: "Name, unique on the host.",
    missing: "",
    missingFault: "noName",
  }),
  uuid: text(uuid, {
    doc: "UUID, unique on the host.",
    invalid: "malformed uuid element",
    fault: "internalError",
  }),
  genid: child(Genid, { doc: "Changes when the guest is cloned or set back." }),
  title: text(string, { doc: "Short description, one line." }),
  description: text(string, { doc: "Description." }),
  metadata: raw({
    prepare: onePerNamespace,
    doc: "Whatever applications keep here, in namespaces of their own.",
  }),
  maxMemory: child(MaxMemory, { doc: "Upper limit of memory hotplug." }),
  memory: child(Memory, { doc: "Memory the guest is started with." }),
  currentMemoryKiB: scaledText({
    name: "currentMemory",
    unit: KIB,
    doc: "Memory the balloon leaves to the guest.",
  }),
  blkiotune: child(BlkioTune, { doc: "Share of the host's block I/O." }),
  memtune: child(MemoryTune, { doc: "Limits of the host for the whole QEMU process." }),
  memoryBacking: child(MemoryBacking, { doc: "How guest memory is allocated on the host." }),
  vcpu: child(Vcpu, { doc: "Number of virtual CPUs." }),
  vcpus: child(Vcpus, { doc: "State of each virtual CPU." }),
  iothreads: text(uint, {
    doc: "Number of I/O threads.",
    invalid: "invalid iothreads count '%s'",
  }),
  iothreadids: child(IoThreadIds, { doc: "Numbers of the I/O threads." }),
  defaultiothread: child(DefaultIoThread, { doc: "Worker threads of QEMU's main loop." }),
  cputune: child(CpuTune, { doc: "CPU time and placement on the host." }),
  numatune: child(NumaTune, { doc: "Host NUMA nodes that guest memory is taken from." }),
  resource: child(Resource, { doc: "Where the host keeps the domain." }),
  sysinfos: children(Sysinfo, { doc: "SMBIOS strings and fw_cfg entries." }),
  bootloader: text(string, { doc: "Boot loader on the host, for Xen." }),
  bootloaderArgs: text(string, { name: "bootloader_args", doc: "Its arguments." }),
  os: child(Os, { doc: "What the guest boots, and how." }),
  idmap: child(IdMap, { doc: "User and group numbers of a container." }),
  features: child(Features, { doc: "What the virtual board has and hides." }),
  cpu: child(Cpu, { doc: "The processor the guest sees." }),
  clock: child(Clock, { doc: "The guest's time." }),
  onPoweroff: text(action, {
    name: "on_poweroff",
    invalid: "unknown on_poweroff action: %s",
    fault: "configUnsupported",
    doc: "When the guest powers off.",
  }),
  onReboot: text(action, {
    name: "on_reboot",
    invalid: "unknown on_reboot action: %s",
    fault: "configUnsupported",
    doc: "When the guest reboots.",
  }),
  onCrash: text(crashAction, {
    name: "on_crash",
    invalid: "unknown on_crash action: %s",
    fault: "configUnsupported",
    doc: "When the guest panics.",
  }),
  onLockFailure: text(oneOf("poweroff", "restart", "pause", "ignore"), {
    name: "on_lockfailure",
    invalid: "unknown on_lockfailure action: %s",
    fault: "configUnsupported",
    doc: "When a lock on a resource is lost.",
  }),
  pm: child(PowerManagement, { doc: "Suspend states the guest sees." }),
  perf: child(Perf, { doc: "Counters of the host, measured for the guest." }),
  devices: child(Devices, { doc: "Devices." }),
  seclabels: children(SecurityLabel, { doc: "Labels of the QEMU process and of what it uses." }),
  qemuCommandLine: child(QemuCommandLine, { doc: "Arguments and variables added to QEMU's own." }),
  qemuCapabilities: child(QemuCapabilityOverride, {
    doc: "Corrects what was found out about QEMU.",
  }),
  qemuOverride: child(QemuOverride, { doc: "Replaces properties of devices." }),
  qemuDeprecation: child(QemuDeprecation, {
    doc: "What QEMU does when something deprecated is used.",
  }),
  keywrap: child(KeyWrap, { doc: "Key wrapping of s390 guests." }),
  launchSecurity: child(LaunchSecurity, { doc: "Encrypted or protected guest." }),
});
export type Domain = Infer<typeof Domain>;
