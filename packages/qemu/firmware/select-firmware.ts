/** Chooses the firmware image for a domain that asks for a kind of firmware only. Pure. */
import { virError } from "@vireo/model/error";
import type { Domain } from "@vireo/model/domain/domain";
import type { Os } from "@vireo/model/domain/os";
import type { Firmware, FirmwareMapping } from "./descriptor.ts";

const QEMU_ARCH: Readonly<Record<string, string>> = { i686: "i386" };

/** `pc-q35-*` against `pc-q35-7.2`; only `*` and `?` occur. */
function globMatches(glob: string, name: string): boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`).test(name);
}

export const servesMachine = (
  { targets }: Firmware,
  { arch, machine }: { readonly arch: string; readonly machine: string },
): boolean =>
  targets.some(
    ({ architecture, machines }) =>
      architecture === (QEMU_ARCH[arch] ?? arch) &&
      machines.some((glob) => globMatches(glob, machine)),
  );

const INTERFACE = { bios: "bios", efi: "uefi" } as const;

/** What a domain asks of its firmware; absent means that it does not care. */
const wanted = ({ firmwareFeatures, loader }: Os) => {
  const asked = (name: string): boolean | undefined =>
    firmwareFeatures?.features?.find((feature) => feature.name === name)?.enabled;
  return {
    secureBoot: asked("secure-boot") ?? loader?.secure,
    enrolledKeys: asked("enrolled-keys"),
    stateless: loader?.stateless === true,
  };
};

type Has = (feature: string) => boolean;

const bootFits = (has: Has, domain: Domain, os: Os): boolean => {
  const { secureBoot, enrolledKeys } = wanted(os);
  const fits = (asked: boolean | undefined, feature: string): boolean =>
    asked === undefined || asked === has(feature);
  const smm = secureBoot === true || domain.features?.smm?.state === true;
  return (
    fits(secureBoot, "secure-boot") &&
    fits(enrolledKeys, "enrolled-keys") &&
    (smm || !has("requires-smm"))
  );
};

const sleepFits = (has: Has, { pm }: Domain): boolean =>
  (pm?.suspendToMem?.enabled !== true || has("acpi-s3")) &&
  (pm?.suspendToDisk?.enabled !== true || has("acpi-s4"));

const featuresFit = ({ features }: Firmware, domain: Domain, os: Os): boolean => {
  const has: Has = (feature) => features.includes(feature);
  return bootFits(has, domain, os) && sleepFits(has, domain) && sevFits(has, domain);
};

/** Bit of the guest policy that asks for encrypted state (AMD SEV API, GPOLICY). */
const POLICY_ES = 4;

const sevFits = (has: Has, { launchSecurity }: Domain): boolean => {
  if (launchSecurity?.type !== "sev") return true;
  const encrypted = (launchSecurity.policy & POLICY_ES) !== 0;
  return has("amd-sev") && (!encrypted || has("amd-sev-es"));
};

const mappingFits = (mapping: FirmwareMapping, os: Os): boolean =>
  mapping.device !== "flash" || mapping.mode === (wanted(os).stateless ? "stateless" : "split");

/** The part of `<os>` that the image decides. */
function withImage(os: Os, { mapping, features }: Firmware): Os {
  const { loader, nvram } = os;
  if (mapping.device === "kernel") return { ...os, kernel: mapping.filename };
  if (mapping.device === "memory")
    return { ...os, loader: { ...loader, type: "rom", path: mapping.filename } };
  const secure = features.includes("requires-smm") ? { secure: true } : {};
  const template = mapping["nvram-template"]?.filename;
  return {
    ...os,
    loader: {
      ...loader,
      ...secure,
      type: "pflash",
      readOnly: true,
      path: mapping.executable.filename,
    },
    ...(template === undefined
      ? {}
      : { nvram: { ...(nvram ?? { type: "file" }), template: nvram?.template ?? template } }),
  };
}

/**
 * The domain with loader and variable store filled in, or as it was when it asks for no choice.
 * @throws VireoError `operationFailed` when no firmware fits
 */
export function selectFirmware<D extends Domain>(domain: D, firmwares: readonly Firmware[]): D {
  const { os } = domain;
  const kind = os?.firmware;
  if (os === undefined || kind === undefined) return domain;
  const place = { arch: os.type?.arch ?? "", machine: os.type?.machine ?? "" };
  const chosen = firmwares.find(
    (one) =>
      one["interface-types"].includes(INTERFACE[kind]) &&
      servesMachine(one, place) &&
      mappingFits(one.mapping, os) &&
      featuresFit(one, domain, os),
  );
  if (chosen === undefined)
    throw virError("operationFailed", `Unable to find any firmware to satisfy '${kind}'`);
  const smm = chosen.features.includes("requires-smm")
    ? { features: { ...domain.features, smm: { ...domain.features?.smm, state: true } } }
    : {};
  return { ...domain, ...smm, os: withImage(os, chosen) };
}

export interface FirmwareOffers {
  readonly kinds: readonly ("bios" | "efi")[];
  readonly images: readonly { readonly code: string; readonly nvram: string | null }[];
  readonly secureBoot: boolean;
}

/** Which kinds of firmware, and which images, a machine can have. */
export function firmwareOffers(
  firmwares: readonly Firmware[],
  place: { readonly arch: string; readonly machine: string },
): FirmwareOffers {
  const fitting = firmwares.filter((one) => servesMachine(one, place));
  const kinds = (["bios", "efi"] as const).filter((kind) =>
    fitting.some((one) => one["interface-types"].includes(INTERFACE[kind])),
  );
  const images = fitting.flatMap(({ mapping }) =>
    mapping.device === "flash"
      ? [{ code: mapping.executable.filename, nvram: mapping["nvram-template"]?.filename ?? null }]
      : [{ code: mapping.filename, nvram: null }],
  );
  const unique = images.filter(({ code }, i) => images.findIndex((one) => one.code === code) === i);
  const secureBoot = fitting.some(
    ({ features }) => features.includes("requires-smm") && features.includes("secure-boot"),
  );
  return { kinds, images: unique, secureBoot };
}
