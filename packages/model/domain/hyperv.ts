/** `<hyperv>`: Hyper-V's extensions, for Windows guests. */
import { element, type Infer } from "../schema/element.ts";
import type { Element } from "../schema/declaration.ts";
import { attr, child, requiredAttr } from "../schema/member.ts";
import { oneOf, onOff, string, uint } from "../schema/scalar.ts";

const state = { state: requiredAttr(onOff, { doc: "On or off." }) };
const enlightenment = (tag: string, doc: string): Element<{ readonly state: boolean }> =>
  element(tag, doc, state);

const Spinlocks = element("spinlocks", "Tell the host about long spins.", {
  ...state,
  retries: attr(uint, { doc: "Spins before that; at least 4095." }),
});
const SyntheticTimer = element("stimer", "Synthetic timers.", {
  ...state,
  direct: child(enlightenment("direct", "Deliver expiry as an interrupt."), {
    doc: "Deliver expiry as an interrupt.",
  }),
});
const VendorId = element("vendor_id", "Vendor string of the hypervisor.", {
  ...state,
  value: attr(string, { doc: "At most 12 characters." }),
});

export const HyperV = element(
  "hyperv",
  "Extensions for Windows guests.",
  {
    mode: attr(oneOf("passthrough", "custom"), {
      doc: "`passthrough`: all the host knows.",
      default: "custom",
    }),
    relaxed: child(enlightenment("relaxed", "Relaxed timing."), { doc: "Relaxed timing." }),
    vapic: child(enlightenment("vapic", "Paravirtual APIC."), { doc: "Paravirtual APIC." }),
    spinlocks: child(Spinlocks, { doc: "Tell the host about long spins." }),
    vpindex: child(enlightenment("vpindex", "Virtual processor index."), {
      doc: "Virtual processor index.",
    }),
    runtime: child(enlightenment("runtime", "Processor time spent."), {
      doc: "Processor time spent.",
    }),
    synic: child(enlightenment("synic", "Synthetic interrupt controller."), {
      doc: "Synthetic interrupt controller.",
    }),
    stimer: child(SyntheticTimer, { doc: "Synthetic timers." }),
    reset: child(enlightenment("reset", "Reset through the hypervisor."), {
      doc: "Reset through the hypervisor.",
    }),
    vendorId: child(VendorId, { doc: "Vendor string of the hypervisor." }),
    frequencies: child(enlightenment("frequencies", "Frequency registers."), {
      doc: "Frequency registers.",
    }),
    reenlightenment: child(enlightenment("reenlightenment", "Notice of migration."), {
      doc: "Notice of migration.",
    }),
    tlbflush: child(enlightenment("tlbflush", "Paravirtual TLB flush."), {
      doc: "Paravirtual TLB flush.",
    }),
    ipi: child(enlightenment("ipi", "Paravirtual interrupts between CPUs."), {
      doc: "Paravirtual interrupts between CPUs.",
    }),
    evmcs: child(enlightenment("evmcs", "Enlightened VMCS."), { doc: "Enlightened VMCS." }),
    avic: child(enlightenment("avic", "AVIC or APICv."), { doc: "AVIC or APICv." }),
  },
  { empty: "open", unknownChild: "unsupported HyperV Enlightenment feature: %s" },
);
export type HyperV = Infer<typeof HyperV>;
