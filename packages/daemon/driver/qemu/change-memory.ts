/** Resizes a virtio-mem device of a running domain. */
import { isDeepStrictEqual } from "node:util";
import { virError } from "@vireo/model/error";
import { checkDomain } from "@vireo/model/domain/check/check";
import { replaceDevice } from "@vireo/model/domain/device/change-devices";
import type { MemoryDevice } from "@vireo/model/domain/device/memory-device";
import type { DeviceWork } from "./device-work.ts";
import type { LiveDomain } from "./domain-view.ts";
import { asDefinition } from "./live-devices.ts";

/** What must stay: all but the size that is asked for. */
function fixedOf({ target, ...rest }: MemoryDevice): unknown {
  const { requestedKiB: _asked, currentKiB: _there, ...others } = { ...target };
  const {
    alias: _alias,
    address: _address,
    ...device
  } = { alias: undefined, address: undefined, ...rest };
  return { ...device, target: others };
}

/** @throws VireoError `operationUnsupported` when more than the requested size differs */
export async function updateMemory(
  work: DeviceWork,
  { config }: LiveDomain,
  { wanted, index }: { wanted: MemoryDevice; index: number },
): Promise<void> {
  const old = config.devices.memories?.[index];
  if (old === undefined) throw virError("internalError", "the memory device has no place");
  if (wanted.model !== old.model)
    throw virError(
      "operationUnsupported",
      `cannot modify memory model from '${old.model}' to '${wanted.model}'`,
    );
  if (old.model !== "virtio-mem")
    throw virError("operationUnsupported", `cannot modify memory of model '${old.model}'`);
  if (!isDeepStrictEqual(fixedOf(old), fixedOf(wanted)))
    throw virError("operationUnsupported", "only the requested size of memory can be modified");
  const requestedKiB = wanted.target?.requestedKiB ?? 0;
  const device = { ...old, target: { ...old.target, requestedKiB } };
  const next = replaceDevice(config, { kind: "memories", device }, index);
  const { facts } = await work.definitions.env.emulatorFor(config);
  checkDomain(asDefinition(next), facts);
  const path = `/machine/peripheral/${old.alias?.name ?? ""}`;
  await work.ask("qom-set", { path, property: "requested-size", value: requestedKiB * 1024 });
  work.keep(next);
}
