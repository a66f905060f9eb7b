/** Devices a guest has at most one of, and numbers that must differ. */
import type { Iommu } from "../device/iommu.ts";
import type { Domain } from "../domain.ts";
import type { ResolveFacts } from "../resolve/facts.ts";
import { devicesOf } from "./devices-of.ts";
import { internal, unsupported, wrongXml } from "./refuse.ts";

/** One of each. */
export function checkSingleDevices({ devices }: Domain): void {
  if ((devices?.smartcards ?? []).length > 1)
    unsupported("this QEMU binary lacks multiple smartcard support");
  if ((devices?.watchdogs ?? []).length > 1) internal("only a single watchdog device is supported");
}

/** Audio back ends have different numbers; SPICE's needs SPICE. */
export function checkAudios({ devices }: Domain): void {
  const audios = devices?.audios ?? [];
  const ids = audios.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) wrongXml(`audio ID ${twice} is used multiple times`);
  const spice = devices?.graphics?.some(({ type }) => type === "spice") === true;
  if (!spice && audios.some(({ type }) => type === "spice"))
    unsupported("Spice audio is not supported without spice graphics");
}

/** Parts of an IOMMU that need each other, the interrupt controller or ACPI. */
export function checkIommuParts({ devices, features }: Domain): void {
  const { model, driver } = devices?.iommu ?? {};
  if (model === "virtio" && features?.acpi !== true)
    unsupported("IOMMU device: 'virtio' requires ACPI");
  if (model === "intel" && driver !== undefined) checkRemapping(driver, features?.ioapic?.driver);
}

type IommuDriver = NonNullable<Iommu["driver"]>;
function checkRemapping({ intremap, eim }: IommuDriver, ioapic: string | undefined): void {
  if (intremap === true && ioapic !== "qemu")
    unsupported("IOMMU interrupt remapping requires split I/O APIC (ioapic driver='qemu')");
  if (eim === true && intremap !== true)
    unsupported("IOMMU eim requires interrupt remapping to be enabled");
}

/** Memory shared with other domains needs a QEMU that has the device. */
export function checkIvshmem(
  { devices }: Domain,
  { capabilities }: Pick<ResolveFacts, "capabilities">,
): void {
  for (const { model } of devices?.shmems ?? []) {
    const type = model?.type ?? "ivshmem";
    if (!capabilities.has(type))
      unsupported(`${type} device is not supported with this QEMU binary`);
  }
}

/** Names given by users are unique. */
export function checkAliases(domain: Domain): void {
  const seen = new Set<string>();
  for (const { alias } of devicesOf(domain)) {
    if (alias === undefined) continue;
    if (seen.has(alias.name)) unsupported(`non unique alias detected: ${alias.name}`);
    seen.add(alias.name);
  }
}
