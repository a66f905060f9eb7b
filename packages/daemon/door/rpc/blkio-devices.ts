/** Shares of host devices as the wire has them: a text for each kind of limit, `/dev/a,100,/dev/b,200`. */
import { virError } from "@vireo/model/error";
import type { OperationInput } from "@vireo/model/operation/operations";
import { param, type TypedParam } from "@vireo/rpc/typed-param";
import type { FieldTable } from "./typed-fields.ts";

type Device = NonNullable<OperationInput<"domain", "setBlkioTune">["devices"]>[number];

const KINDS = [
  ["weight", "device_weight"],
  ["readIopsSec", "device_read_iops_sec"],
  ["writeIopsSec", "device_write_iops_sec"],
  ["readBytesSec", "device_read_bytes_sec"],
  ["writeBytesSec", "device_write_bytes_sec"],
] as const;

export const BLKIO: FieldTable = {
  weight: ["weight", "uint"],
  ...Object.fromEntries(KINDS.map(([field, name]) => [`${field}Text`, [name, "string"]])),
};

function pairsIn(text: string, name: string): readonly (readonly [string, number])[] {
  const words = text.split(",");
  const pairs: [string, number][] = [];
  for (let at = 0; at < words.length; at += 2) {
    const [path = "", value = ""] = words.slice(at, at + 2);
    if (path === "" || !/^\d{1,15}$/.test(value))
      throw virError("invalidArg", `unable to parse blkio device '${name}' '${text}'`);
    pairs.push([path, Number(value)]);
  }
  return pairs;
}

/** @throws VireoError `invalidArg` when a text is not made of paths and numbers */
export function devicesIn(texts: { readonly [field: string]: string }): readonly Device[] {
  const devices = new Map<string, Device>();
  for (const [field, name] of KINDS) {
    const text = texts[`${field}Text`];
    if (text === undefined) continue;
    for (const [path, value] of pairsIn(text, name))
      devices.set(path, { ...devices.get(path), path, [field]: value });
  }
  return [...devices.values()];
}

export const paramsOfDevices = (devices: readonly Device[]): TypedParam[] =>
  KINDS.map(([field, name]) => {
    const limited = devices.filter((device) => (device[field] ?? 0) > 0);
    return param.string(name, limited.map((one) => `${one.path},${one[field]}`).join(","));
  });
