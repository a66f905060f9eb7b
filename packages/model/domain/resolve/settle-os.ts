/** Parts of `<os>` that follow from others. */
import type { Domain } from "../domain.ts";
import type { Loader, Os } from "../os.ts";

/** A boot menu that is off has no timeout; a loader at a path is a ROM; enrolled keys need secure boot. */
export function settleOs(domain: Domain): Domain {
  const { os } = domain;
  if (os === undefined) return domain;
  const { bootmenu, loader, firmwareFeatures } = os;
  return {
    ...domain,
    os: {
      ...os,
      ...(bootmenu && { bootmenu: bootmenu.enable === true ? bootmenu : withoutTimeout(bootmenu) }),
      ...(loader && { loader: settleLoader(loader) }),
      ...(firmwareFeatures && { firmwareFeatures: withSecureBoot(firmwareFeatures) }),
    },
  };
}

const withoutTimeout = ({ enable }: NonNullable<Os["bootmenu"]>): NonNullable<Os["bootmenu"]> =>
  enable === undefined ? {} : { enable };

function settleLoader(loader: Loader): Loader {
  if (loader.path === undefined) return loader;
  return { ...loader, type: loader.type ?? "rom" };
}

type Features = NonNullable<Os["firmwareFeatures"]>;
function withSecureBoot(firmware: Features): Features {
  const features = firmware.features ?? [];
  const enrolled = features.some(({ name, enabled }) => name === "enrolled-keys" && enabled);
  const all =
    enrolled && !features.some(({ name }) => name === "secure-boot")
      ? [...features, { enabled: true, name: "secure-boot" } as const]
      : features;
  return { features: [...all].sort((a, b) => a.name.localeCompare(b.name)) };
}
