/** `<cpu>`: parts that only make sense together. */
import type { Cpu } from "../cpu.ts";
import type { Domain } from "../domain.ts";
import { unsupported, wrongXml } from "./refuse.ts";

/** Features and a vendor belong to a model; features are named once. */
export function checkCpuModel({ cpu }: Pick<Domain, "cpu">): void {
  if (cpu === undefined) return;
  if (!isModelled(cpu)) {
    if (cpu.features !== undefined) wrongXml("Non-empty feature list specified without CPU model");
    if (cpu.vendor !== undefined) wrongXml("CPU vendor specified without CPU model");
  }
  const names = cpu.features?.map(({ name }) => name) ?? [];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) wrongXml(`CPU feature '${twice}' specified more than once`);
  if (cpu.migratable !== undefined && !passes(cpu))
    unsupported("Attribute migratable is only allowed for 'host-passthrough' / 'maximum' CPU mode");
}

const isModelled = ({ mode = "custom", model }: Cpu): boolean =>
  mode !== "custom" || model?.name !== undefined;

const passes = ({ mode }: Cpu): boolean => mode === "host-passthrough" || mode === "maximum";

/** QEMU emulates a level-3 cache or passes the host's caches on; it can do nothing else. */
export function checkCpuCache({ cpu }: Domain): void {
  if (cpu?.cache === undefined) return;
  const { mode, level } = cpu.cache;
  if (mode === "emulate" && level !== 3)
    unsupported("CPU cache mode 'emulate' can only be used with level='3'");
  if (mode === "passthrough" && !passes(cpu))
    unsupported(
      `CPU cache mode 'passthrough' can only be used with 'host-passthrough' / 'maximum' CPUs`,
    );
  if (mode === "passthrough" && level !== undefined)
    unsupported("unsupported CPU cache level for mode 'passthrough'");
  if (mode === "disable" && level !== undefined)
    unsupported("unsupported CPU cache level for mode 'disable'");
}

/** Number of address bits: emulated ones are named, the host's belong to the host's CPU. */
export function checkPhysicalAddressBits({ cpu }: Domain): void {
  if (cpu?.maxphysaddr === undefined) return;
  const { mode, bits } = cpu.maxphysaddr;
  if (mode === "passthrough" && bits !== undefined)
    unsupported(
      "CPU maximum physical address bits number specification cannot be used with mode='passthrough'",
    );
  if (mode === "emulate" && bits === undefined)
    unsupported(
      "if using CPU maximum physical address mode='emulate', bits= must be specified too",
    );
}
