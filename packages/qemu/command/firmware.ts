/** The guest's firmware: `-bios`, or flash images as block nodes the machine refers to. */
import type { Os } from "@vireo/model/domain/os";
import { type Image, imageNodes } from "../block/image.ts";
import type { StorageSource } from "../block/storage-source.ts";
import { nvramSource } from "../block/source-of-nvram.ts";
import { type CommandArg, jsonArg, type OptionPair, rawArg } from "./argument.ts";
import { withoutAbsent } from "../without-absent.ts";
import type { CommandInput } from "./input.ts";
import { secretObject } from "./secret.ts";

const flashImage = (
  unit: 0 | 1,
  source: StorageSource,
  { readOnly, authSecret }: { readonly readOnly: boolean; readonly authSecret?: string },
): Image => ({
  source,
  format: "raw",
  storageNode: `libvirt-pflash${unit}-storage`,
  formatNode: `libvirt-pflash${unit}-format`,
  readOnly,
  objects: authSecret === undefined ? {} : { authSecret },
  backing: "unknown",
});

const isFlash = (os: Os): boolean => os.loader?.type === "pflash";

function codeArgs({ loader }: Os): CommandArg[] {
  if (loader?.path === undefined) return [];
  const image = flashImage(
    0,
    { type: "file", path: loader.path },
    { readOnly: loader.readOnly === true },
  );
  return imageNodes(image).map((node) => jsonArg("-blockdev", node, "/domain/os/loader"));
}

/** A store without a path of its own has one by the domain's name. */
const storeOf = ({ name }: CommandInput["domain"], { nvramDir }: CommandInput["context"]): string =>
  `${nvramDir}/${name}_VARS.fd`;

function variableArgs({ domain, context }: CommandInput): CommandArg[] {
  const { nvram } = domain.os;
  if (nvram === undefined) return [];
  const source = nvramSource(nvram, storeOf(domain, context));
  const origin = "/domain/os/nvram";
  const secret = nvram.source?.auth?.secret;
  const id = "libvirt-pflash1-storage-auth-secret0";
  const objects =
    secret === undefined
      ? []
      : [
          secretObject(
            id,
            withoutAbsent({
              usageType: secret.type ?? "iscsi",
              uuid: secret.uuid,
              usage: secret.usage,
              origin,
            }),
            context,
          ),
        ];
  const image = flashImage(1, source, {
    readOnly: false,
    ...(secret === undefined ? {} : { authSecret: id }),
  });
  return [
    ...objects.map((object) => jsonArg("-object", object, origin)),
    ...imageNodes(image).map((node) => jsonArg("-blockdev", node, origin)),
  ];
}

/** Block nodes of flash chips; before `-machine`, which names them. */
export const flashArgs = (input: CommandInput): CommandArg[] =>
  isFlash(input.domain.os) ? [...codeArgs(input.domain.os), ...variableArgs(input)] : [];

/** Members of `-machine`. */
export function pflashPairs({ domain }: CommandInput): OptionPair[] {
  if (!isFlash(domain.os) || domain.os.loader?.path === undefined) return [];
  return [
    ["pflash0", "libvirt-pflash0-format"],
    ["pflash1", domain.os.nvram === undefined ? undefined : "libvirt-pflash1-format"],
  ];
}

/** Firmware loaded as a ROM, and write protection of flash by SMM. */
export function loaderArgs({ domain }: CommandInput): CommandArg[] {
  const { loader } = domain.os;
  if (loader?.path !== undefined && loader.type !== "pflash")
    return [rawArg("-bios", loader.path, "/domain/os/loader")];
  if (loader?.secure === true)
    return [
      rawArg(
        "-global",
        "driver=cfi.pflash01,property=secure,value=on",
        "/domain/os/loader/@secure",
      ),
    ];
  return [];
}
