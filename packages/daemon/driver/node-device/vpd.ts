/** Vital product data of a PCI device: what its maker wrote into it, as PCI Local Bus 3.0, appendix I, lays it out. */
import type { Capability } from "./found-device.ts";

type Pci = Extract<Capability, { type: "pci" }>;
type Sub = NonNullable<Pci["capabilities"]>[number];
export type Vpd = Extract<Sub, { type: "vpd" }>;
type Fields = NonNullable<Vpd["fields"]>[number];

const NAME = 0x82;
const READ_ONLY = 0x90;
const READ_WRITE = 0x91;
const END = 0x78;
const HEAD_BYTES = 3;

interface Part {
  readonly tag: number;
  readonly start: number;
  readonly data: Buffer;
}

/** Parts up to the end mark; undefined when they are cut off. */
function partsOf(bytes: Buffer): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (let at = 0; bytes[at] !== END; ) {
    if (at + HEAD_BYTES > bytes.length) return undefined;
    const start = at + HEAD_BYTES;
    at = start + bytes.readUInt16LE(at + 1);
    if (at > bytes.length) return undefined;
    parts.push({ tag: bytes[start - HEAD_BYTES] ?? 0, start, data: bytes.subarray(start, at) });
  }
  return parts;
}

interface Field {
  readonly key: string;
  readonly value: Buffer;
  /** Where the value begins in its part. */
  readonly at: number;
}

function fieldsIn(data: Buffer): readonly Field[] | undefined {
  const fields: Field[] = [];
  for (let at = 0; at + HEAD_BYTES <= data.length; ) {
    const length = data[at + 2] ?? 0;
    const start = at + HEAD_BYTES;
    if (start + length > data.length) return undefined;
    const value = data.subarray(start, start + length);
    fields.push({ key: data.toString("latin1", at, at + 2), value, at: start });
    at = start + length;
  }
  return fields;
}

const SINGLE = {
  EC: "changeLevel",
  MN: "manufactureId",
  PN: "partNumber",
  SN: "serialNumber",
} as const;
const PRINTABLE = /^[\x20-\x7e]*$/;

/** What stands in fields that are text; those of other kinds are left out. */
function wordsOf(fields: readonly Field[]): ReadonlyMap<string, string> {
  const words = fields
    .map(({ key, value }): [string, string] => [key, value.toString("latin1").trim()])
    .filter(([, text]) => PRINTABLE.test(text));
  return new Map(words);
}

const indexed = (words: ReadonlyMap<string, string>, letter: string) =>
  [...words]
    .filter(([key]) => key.startsWith(letter) && key !== "YA")
    .map(([key, value]) => ({ index: key.slice(1), value }));

/** A field that holds the sum, so that all bytes up to it make 0. */
function isIntact(bytes: Buffer, part: Part, fields: readonly Field[]): boolean {
  const sum = fields.find(({ key }) => key === "RV");
  if (sum === undefined) return false;
  const upTo = bytes.subarray(0, part.start + sum.at + 1);
  return upTo.reduce((total, byte) => total + byte, 0) % 256 === 0;
}

function readOnly(fields: readonly Field[]): Fields {
  const words = wordsOf(fields);
  const vendorFields = indexed(words, "V");
  const single = Object.entries(SINGLE).flatMap(([key, name]) => {
    const text = words.get(key);
    return text === undefined ? [] : [[name, text] as const];
  });
  return {
    access: "readonly",
    ...Object.fromEntries(single),
    ...(vendorFields.length === 0 ? {} : { vendorFields }),
  };
}

function readWrite(fields: readonly Field[]): Fields {
  const words = wordsOf(fields);
  const asset = words.get("YA");
  const [vendorFields, systemFields] = [indexed(words, "V"), indexed(words, "Y")];
  return {
    access: "readwrite",
    ...(asset === undefined ? {} : { assetTag: asset }),
    ...(vendorFields.length === 0 ? {} : { vendorFields }),
    ...(systemFields.length === 0 ? {} : { systemFields }),
  };
}

/** Undefined when the data is damaged, as far as its own sum tells. */
export function parseVpd(bytes: Buffer): Vpd | undefined {
  const parts = partsOf(bytes);
  const fixed = parts?.find(({ tag }) => tag === READ_ONLY);
  const fields = fixed === undefined ? undefined : fieldsIn(fixed.data);
  if (parts === undefined || fixed === undefined || fields === undefined) return undefined;
  if (!isIntact(bytes, fixed, fields)) return undefined;
  const name = parts.find(({ tag }) => tag === NAME)?.data.toString("latin1");
  const writable = parts.find(({ tag }) => tag === READ_WRITE);
  const changing = writable === undefined ? undefined : fieldsIn(writable.data);
  return {
    type: "vpd",
    ...(name === undefined || !PRINTABLE.test(name) ? {} : { name }),
    fields: [readOnly(fields), ...(changing === undefined ? [] : [readWrite(changing)])],
  };
}
