/** Parts of `<os>` that follow from others. */
import type { Domain } from "../domain.ts";
import type { Loader, Nvram, Os } from "../os.ts";

/** A boot menu that is off has no timeout; a loader at a path is a ROM; enrolled keys need secure boot. */
export function settleOs(domain: Domain): Domain {
  const { os } = domain;
  if (os === undefined) return domain;
  const { bootmenu, loader, nvram, firmwareFeatures } = os;
  const guest = os.type?.name === "exe" ? os : withoutInit(os);
  return {
    ...domain,
    os: {
      ...guest,
      ...(bootmenu && { bootmenu: bootmenu.enable === true ? bootmenu : withoutTimeout(bootmenu) }),
      ...(loader && { loader: settleLoader(loader) }),
      ...(nvram && { nvram: settleNvram(nvram) }),
      ...(firmwareFeatures && { firmwareFeatures: withSecureBoot(firmwareFeatures) }),
    },
  };
}

/** Only containers have a first process to name. */
function withoutInit(os: Os): Os {
  const { init: _init, initargs: _args, initenvs: _envs, initdir: _dir, ...rest } = os;
  const { inituser: _user, initgroup: _group, ...guest } = rest;
  return guest;
}

const withoutTimeout = ({ enable }: NonNullable<Os["bootmenu"]>): NonNullable<Os["bootmenu"]> =>
  enable === undefined ? {} : { enable };

function settleLoader(loader: Loader): Loader {
  if (loader.path === undefined) return loader;
  return { ...loader, type: loader.type ?? "rom" };
}

/** A store in a file is named by its path alone. */
function settleNvram(nvram: Nvram): Nvram {
  if (nvram.type !== "file") return nvram;
  const { source, ...rest } = nvram;
  const path = nvram.path ?? source?.file;
  return path === undefined ? rest : { ...rest, path };
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
