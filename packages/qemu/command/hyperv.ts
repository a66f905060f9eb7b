/** Hyper-V enlightenments: members of `-cpu`. */
import type { HyperV } from "@vireo/model/domain/hyperv";
import type { OptionPair } from "./argument.ts";
import type { CommandInput } from "./input.ts";

interface State {
  readonly state?: boolean | undefined;
}

/** Enlightenments that are simply on, in the model's order. */
const SIMPLE = [
  ["relaxed", "hv-relaxed"],
  ["vapic", "hv-vapic"],
  ["vpindex", "hv-vpindex"],
  ["runtime", "hv-runtime"],
  ["synic", "hv-synic"],
  ["reset", "hv-reset"],
  ["frequencies", "hv-frequencies"],
  ["reenlightenment", "hv-reenlightenment"],
  ["tlbflush", "hv-tlbflush"],
  ["ipi", "hv-ipi"],
  ["evmcs", "hv-evmcs"],
  ["avic", "hv-avic"],
] as const satisfies readonly (readonly [keyof HyperV, string])[];

const isOn = (feature: State | undefined): boolean => feature?.state === true;
const on = (feature: State | undefined): true | undefined => (isOn(feature) ? true : undefined);

const hex = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : `0x${value.toString(16)}`;

function enlightenments(hyperv: HyperV): OptionPair[] {
  const { spinlocks, stimer, vendorId } = hyperv;
  return [
    ...SIMPLE.map(([key, option]): OptionPair => [option, on(hyperv[key])]),
    ["hv-spinlocks", isOn(spinlocks) ? hex(spinlocks?.retries) : undefined],
    ["hv-stimer", on(stimer)],
    ["hv-stimer-direct", isOn(stimer) ? on(stimer?.direct) : undefined],
    ["hv-vendor-id", isOn(vendorId) ? vendorId?.value : undefined],
  ];
}

/** A guest whose panic device is Hyper-V's reports crashes through the CPU. */
const crash = ({ devices }: CommandInput["domain"]): OptionPair => [
  "hv-crash",
  devices.panics?.some((panic) => panic.model === "hyperv") === true ? true : undefined,
];

export function hypervPairs(domain: CommandInput["domain"]): OptionPair[] {
  const hyperv = domain.features?.hyperv;
  if (hyperv === undefined) return [crash(domain)];
  const pairs: OptionPair[] =
    hyperv.mode === "passthrough" ? [["hv-passthrough", true]] : enlightenments(hyperv);
  return [...pairs, crash(domain)];
}
