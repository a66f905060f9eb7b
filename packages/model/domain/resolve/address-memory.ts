/** Slots of memory modules. */
import type { MemoryDevice } from "../device/memory-device.ts";
import type { Domain } from "../domain.ts";

const onDimm = ({ model }: MemoryDevice): boolean => model === "dimm" || model === "nvdimm";

/** Gives modules without a slot the smallest free one. */
export function addressMemory(domain: Domain): Domain {
  const { memories = [] } = domain.devices ?? {};
  const taken = new Set(
    memories.map(({ address }) => (address?.type === "dimm" ? address.slot : undefined)),
  );
  const placed = memories.map((one): MemoryDevice => {
    if (
      !onDimm(one) ||
      (one.address !== undefined && (one.address.type !== "dimm" || one.address.slot !== undefined))
    )
      return one;
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    taken.add(slot);
    return { ...one, address: { type: "dimm", ...one.address, slot } };
  });
  return { ...domain, devices: { ...domain.devices, memories: placed } };
}
