/** Firmware: chosen by name of a file, or by what it must be able to do; never half of each. */
import type { Domain } from "../domain.ts";
import type { Loader, Os } from "../os.ts";
import { isArm } from "../arch.ts";
import { unsupported, wrongDetail } from "./refuse.ts";

/** Firmware, loader and variable store fit each other. */
export function checkFirmware({ os }: Domain): void {
  if (os === undefined) return;
  if (os.firmware === undefined) checkManual(os);
  else checkAutomatic(os, os.firmware);
  if (os.loader !== undefined) checkState(os, os.loader);
}

function checkManual({ firmwareFeatures, loader, nvram }: Os): void {
  if (firmwareFeatures !== undefined)
    wrongDetail(
      "cannot use feature-based firmware autoselection when firmware autoselection is disabled",
    );
  if ((loader ?? nvram) !== undefined && loader?.path === undefined)
    wrongDetail("no loader path specified and firmware auto selection disabled");
}

function checkAutomatic({ firmwareFeatures, loader, nvram }: Os, firmware: "bios" | "efi"): void {
  const enabled = new Map(firmwareFeatures?.features?.map(({ name, enabled: on }) => [name, on]));
  if (enabled.get("enrolled-keys") === true && enabled.get("secure-boot") === false)
    wrongDetail(
      "firmware feature 'enrolled-keys' cannot be enabled when firmware feature 'secure-boot' is disabled",
    );
  const attribute = loader && refusedWithChoice(loader);
  if (attribute !== undefined)
    wrongDetail(
      `loader attribute '${attribute}' cannot be specified when firmware autoselection is enabled`,
    );
  if (nvram !== undefined && firmware !== "efi")
    wrongDetail(`firmware type '${firmware}' does not support nvram`);
}

/** The first attribute that only makes sense beside a path. */
function refusedWithChoice({ readOnly, secure, type }: Loader): string | undefined {
  if (readOnly !== undefined) return "readonly";
  if (type !== undefined) return "type";
  return secure === false ? "secure" : undefined;
}

function checkState({ nvram, firmware }: Os, { stateless, type }: Loader): void {
  if (stateless === true) {
    if (nvram?.template !== undefined)
      wrongDetail("NVRAM template is not permitted when loader is stateless");
    if (nvram !== undefined) wrongDetail("NVRAM is not permitted when loader is stateless");
  } else if (stateless === false) {
    if (firmware === undefined && type !== "pflash")
      wrongDetail("Only pflash loader type permits NVRAM");
    if (firmware === "bios") wrongDetail("Only EFI firmware permits NVRAM");
  }
}

const isEfi = (os: Os | undefined): boolean =>
  os?.firmware === "efi" || os?.loader?.type === "pflash";

/** UEFI talks to the guest through ACPI. */
export function checkFirmwareAcpi({ os, features }: Domain): void {
  const arch = os?.type?.arch;
  if (isEfi(os) && features?.acpi !== true && (arch === "x86_64" || isArm(arch)))
    unsupported("UEFI requires ACPI on this architecture");
}
