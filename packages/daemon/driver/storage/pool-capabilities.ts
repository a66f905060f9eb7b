/** The kinds of pools there can be, as libvirt's XML. */
import { escapeXml } from "@vireo/model/xml/escape-xml";
import { POOL_KINDS, POOL_TYPES, type PoolType } from "@vireo/model/storage/pool-kind";
import { isSupported } from "./pool-backend.ts";

const words = (name: string, values: readonly string[], indent: string): string =>
  [
    `${indent}<enum name='${name}'>`,
    ...values.map((value) => `${indent}  <value>${escapeXml(value)}</value>`),
    `${indent}</enum>`,
  ].join("\n");

function kindXml(type: PoolType): string {
  const { formats, volumeFormats } = POOL_KINDS[type];
  const supported = isSupported(type) ? "yes" : "no";
  const pool = formats && [
    "    <poolOptions>",
    `      <defaultFormat type='${formats.assumed}'/>`,
    words("sourceFormatType", formats.words, "      "),
    "    </poolOptions>",
  ];
  const volume = volumeFormats && [
    "    <volOptions>",
    `      <defaultFormat type='${volumeFormats.assumed}'/>`,
    words("targetFormatType", volumeFormats.words, "      "),
    "    </volOptions>",
  ];
  const inside = [...(pool ?? []), ...(volume ?? [])];
  return [`  <pool type='${type}' supported='${supported}'>`, ...inside, "  </pool>"].join("\n");
}

export const poolCapabilities = (): string =>
  ["<storagepoolCapabilities>", ...POOL_TYPES.map(kindXml), "</storagepoolCapabilities>", ""].join(
    "\n",
  );
