/** `<features>`: what the virtual board has and hides. */
import { element, type Infer } from "../schema/element.ts";
import type { Element } from "../schema/declaration.ts";
import { attr, child, flag, requiredAttr, scaledContent } from "../schema/member.ts";
import { oneOf, onOff, uint } from "../schema/scalar.ts";
import { KIB, MIB } from "../schema/unit.ts";
import { ContainerCapabilities } from "./container-capabilities.ts";
import { HyperV } from "./hyperv.ts";

const KEEP = { empty: true } as const;

/** `<NAME state='on'/>` */
const stateful = (tag: string, doc: string): Element<{ readonly state?: boolean }> =>
  element(tag, doc, { state: attr(onOff, { doc: "On or off.", default: true }) }, KEEP);

const Kvm = element(
  "kvm",
  "Hints and knobs of KVM.",
  {
    hidden: child(stateful("hidden", "Hide KVM from the guest."), {
      doc: "Hide KVM from the guest.",
    }),
    hintDedicated: child(stateful("hint-dedicated", "Host CPUs are dedicated."), {
      doc: "Host CPUs are dedicated.",
    }),
    pollControl: child(stateful("poll-control", "Guest polls before it halts."), {
      doc: "Guest polls before it halts.",
    }),
    pvIpi: child(stateful("pv-ipi", "Paravirtual interrupts between CPUs."), {
      doc: "Paravirtual interrupts between CPUs.",
    }),
    dirtyRing: child(
      element("dirty-ring", "Ring of dirty pages.", {
        state: requiredAttr(onOff, { doc: "On or off." }),
        size: attr(uint, { doc: "Entries; a power of two from 1024 to 65536." }),
      }),
      { doc: "Ring of dirty pages." },
    ),
  },
  { unknownChild: "unsupported KVM feature: %s" },
);
const Xen = element("xen", "Knobs of Xen.", {
  e820Host: child(stateful("e820_host", "Show the host's memory map."), {
    doc: "Show the host's memory map.",
  }),
  passthrough: child(
    element("passthrough", "Device assignment.", {
      state: attr(onOff, { doc: "On or off." }),
      mode: attr(oneOf("sync_pt", "share_pt"), { doc: "How the IOMMU tables are kept." }),
    }),
    { doc: "Device assignment." },
  ),
});
const Smm = element(
  "smm",
  "System management mode.",
  {
    state: attr(onOff, { doc: "On or off.", default: true }),
    tseg: child(
      element("tseg", "Size of the memory it may use.", {
        sizeKiB: scaledContent({ unit: KIB, assumed: MIB, pretty: true, doc: "Size." }),
      }),
      { doc: "Size of the memory it may use." },
    ),
  },
  KEEP,
);
const Tcg = element("tcg", "Knobs of QEMU's own emulation.", {
  tbCache: child(
    element("tb-cache", "Cache of translated code.", {
      sizeKiB: scaledContent({ unit: KIB, doc: "Size." }),
    }),
    { doc: "Cache of translated code." },
  ),
});
const Hpt = element("hpt", "Hash page table of pSeries guests.", {
  resizing: attr(oneOf("enabled", "disabled", "required"), {
    doc: "Whether the guest may resize it.",
  }),
  maxPageSize: child(
    element("maxpagesize", "Largest page.", {
      sizeKiB: scaledContent({ unit: KIB, doc: "Size." }),
    }),
    { doc: "Largest page." },
  ),
});
const withValue = <const V extends readonly string[]>(
  tag: string,
  doc: string,
  ...values: V
): Element<{ readonly value: V[number] }> =>
  element(tag, doc, { value: requiredAttr(oneOf(...values), { doc: "Mitigation." }) });

export const Features = element(
  "features",
  "What the virtual board has and hides.",
  {
    acpi: flag({ doc: "ACPI." }),
    apic: child(
      element(
        "apic",
        "Local APIC.",
        { eoi: attr(onOff, { doc: "Paravirtual end of interrupt." }) },
        KEEP,
      ),
      {
        doc: "Local APIC.",
      },
    ),
    pae: flag({ doc: "Physical address extension." }),
    hap: child(stateful("hap", "Hardware-assisted paging."), { doc: "Hardware-assisted paging." }),
    viridian: flag({ doc: "Hyper-V extensions under Xen." }),
    privnet: flag({ doc: "Private network namespace of containers." }),
    hyperv: child(HyperV, { doc: "Extensions for Windows guests." }),
    kvm: child(Kvm, { doc: "Hints and knobs of KVM." }),
    pvspinlock: child(stateful("pvspinlock", "Paravirtual spin locks."), {
      doc: "Paravirtual spin locks.",
    }),
    capabilities: child(ContainerCapabilities, { doc: "What processes of a container may do." }),
    pmu: child(stateful("pmu", "Performance monitoring unit."), {
      doc: "Performance monitoring unit.",
    }),
    vmport: child(stateful("vmport", "VMware's I/O port."), { doc: "VMware's I/O port." }),
    gic: child(
      element(
        "gic",
        "Interrupt controller of ARM guests.",
        { version: attr(oneOf("2", "3", "host"), { doc: "Version." }) },
        KEEP,
      ),
      { doc: "Interrupt controller of ARM guests." },
    ),
    smm: child(Smm, { doc: "System management mode." }),
    ioapic: child(
      element("ioapic", "I/O APIC.", {
        driver: attr(oneOf("kvm", "qemu"), { doc: "Who emulates it." }),
      }),
      { doc: "I/O APIC." },
    ),
    hpt: child(Hpt, { doc: "Hash page table of pSeries guests." }),
    vmcoreinfo: child(stateful("vmcoreinfo", "Guest tells where its crash data is."), {
      doc: "Guest tells where its crash data is.",
    }),
    htm: child(stateful("htm", "Transactional memory of pSeries guests."), {
      doc: "Transactional memory of pSeries guests.",
    }),
    nestedHv: child(stateful("nested-hv", "Nested virtualization of pSeries guests."), {
      doc: "Nested virtualization of pSeries guests.",
    }),
    msrs: child(
      element("msrs", "Unknown model-specific registers.", {
        unknown: requiredAttr(oneOf("ignore", "fault"), { doc: "What access to one does." }),
      }),
      { doc: "Unknown model-specific registers." },
    ),
    ccfAssist: child(stateful("ccf-assist", "Count cache flush assist."), {
      doc: "Count cache flush assist.",
    }),
    xen: child(Xen, { doc: "Knobs of Xen." }),
    cfpc: child(
      withValue("cfpc", "Cache flush on privilege change.", "broken", "workaround", "fixed"),
      {
        doc: "Cache flush on privilege change.",
      },
    ),
    sbbc: child(
      withValue("sbbc", "Speculation barrier bounds checking.", "broken", "workaround", "fixed"),
      {
        doc: "Speculation barrier bounds checking.",
      },
    ),
    ibs: child(
      withValue(
        "ibs",
        "Indirect branch speculation.",
        "broken",
        "workaround",
        "fixed-ibs",
        "fixed-ccd",
        "fixed-na",
      ),
      { doc: "Indirect branch speculation." },
    ),
    tcg: child(Tcg, { doc: "Knobs of QEMU's own emulation." }),
  },
  { unknownChild: "unexpected feature '%s'" },
);
export type Features = Infer<typeof Features>;
