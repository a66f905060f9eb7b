/** What each step of `resolve` does, in words for whoever asks why a value is there. */

export interface Rule {
  readonly name: string;
  readonly doc: string;
}

const DOCS: Readonly<Record<string, string>> = {
  written: "Written in the definition",
  default: "The value libvirt gives to what is left out",
  definition: "Kept in the definition; what was written at first is not known",
  later: "Changed after the domain was defined",
  running: "Known only since the domain runs",
  selectFirmware: "Chosen among the host's firmware when the domain starts",
  guestCpu: "The CPU that this host and its QEMU can give, found when the domain starts",
  allocatePorts: "The first free port when the domain starts",
  nameDevices: "Devices are named when the domain starts: ids of QEMU, events and commands",
  resolveIdentity: "A domain without UUID gets a random one; so does a generation id",
  settleNuma: "NUMA cells are numbered and sorted; a distance holds both ways",
  resolveMemory: "Memory is the sum of the NUMA cells; the balloon starts full",
  resolveVcpu: "One virtual CPU, placed by hand, unless more is said",
  settleVcpus: "Virtual CPUs that are off can be plugged; those that are on are counted",
  resolveNumaTune: "A memory policy is strict and follows the placement of the virtual CPUs",
  resolveIoThreads: "I/O threads are counted, and numbered from 1",
  settleCpuTune: "Pins and schedulers are sorted; those of missing CPUs are dropped",
  settleSysinfo: "SMBIOS strings stand in a fixed order; unknown ones are dropped",
  resolveArch: "The guest has the host's architecture unless another is named",
  settleOs: "A loader at a path is a ROM; enrolled keys need Secure Boot",
  settleSeclabels: "A label belongs to the host's first security driver and is dynamic",
  settleCpu: "A CPU model is matched exactly and may fall back; features are required",
  resolveClock: "The clock runs in UTC unless something else is said",
  resolveLifecycle: "Power-off and crash destroy the guest, a reboot restarts it",
  settleDevices: "Values every device has, whatever the hypervisor: order, numbers, MAC addresses",
  checkEmulatorArch: "The emulator must run guests of this architecture",
  resolveEmulator: "The host's emulator for the architecture",
  resolveMachine: "The machine type under its full name; QEMU's default when none is named",
  resolveNvram: "UEFI needs a store of variables; it is named after the domain",
  resolveDefaultCpu: "The CPU that QEMU gives this machine, written down so that it stays",
  resolveCpuCheck: "How thoroughly the CPU is compared: emulation makes any, KVM only the host's",
  resolveNumaCpus: "Virtual CPUs that no cell claims go to the first",
  addBoardDevices: "Every machine of this type has it",
  defaultsForQemu: "The QEMU driver's choice of model, format or size",
  resolveBoot: "Without any boot device a guest boots from its first disk",
  completeDevices: "Follows from the other devices: disk addresses, controllers, consoles",
  refuseTwinControllers: "Two controllers of a kind cannot share an index",
  withModels: "The chip of a device that was added for another",
  addressSpapr: "Address on the spapr-vio bus",
  addressVirtioSerial: "First free port of a virtio-serial controller",
  addressMemory: "First free slot for memory modules",
  addressPci: "First free PCI slot that suits the device, with the bridges and ports it needs",
  addressUsb: "First free USB port",
};

/** Names of rules that have words. */
export const ruleNames: ReadonlySet<string> = new Set(Object.keys(DOCS));

/** The rule of that name. */
export const ruleOf = (name: string): Rule => ({ name, doc: DOCS[name] ?? name });
