/** libvirt's block layer cases: disks to block nodes, backing strings to sources, and back. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Disk } from "@vireo/model/domain/device/disk";
import { format } from "@vireo/model/schema/format";
import { parse } from "@vireo/model/schema/parse";
import { throwFirst } from "@vireo/model/schema/throw-first";
import { parseXml } from "@vireo/model/xml/parse-xml";
import type { XmlElement } from "@vireo/model/xml/tree";
import { backingString } from "@vireo/qemu/block/backing-string";
import { createFormatProps, createStorageProps } from "@vireo/qemu/block/create-props";
import { withoutAbsent } from "@vireo/qemu/without-absent";
import { defineSource } from "@vireo/qemu/block/define-source";
import {
  chainOf,
  formatProps,
  type Image,
  sourceProps,
  storageProps,
} from "@vireo/qemu/block/image";
import { parseBacking } from "@vireo/qemu/block/parse-backing";
import { storageSource } from "@vireo/qemu/block/source-of-disk";
import type { StorageSource } from "@vireo/qemu/block/storage-source";
import { diskImage, type ImageNames } from "@vireo/qemu/device/disk-image";
import { given, jsonText } from "@vireo/qemu/json";
import { BITMAP_KINDS, bothBitmaps, type BitmapCase } from "./qemu-bitmap.ts";
import { mockContext } from "./qemu-args-context.ts";
import { CORPUS } from "../harness/corpus.ts";

interface BlockCase extends BitmapCase {
  readonly id: string;
  readonly error?: string | true;
  readonly backing?: string;
  readonly xml?: string;
  readonly capacity?: string;
  readonly physical?: string;
}

export interface BlockResult {
  readonly id: string;
  readonly kind: string;
  readonly outcome: "same" | "refused" | "different" | "threw" | "accepted";
  readonly detail: string;
}

const MOCK = mockContext({ name: "disk" }, {});
const { glusterDebugLevel: _level, ...SETTINGS } = MOCK.settings;
const CONTEXT = { ...MOCK, settings: SETTINGS };
const SECRETS_SHOWN = { live: false, secure: true, migratable: false };

const disk = (xml: XmlElement): Disk => {
  const issues: Parameters<typeof parse>[2] = [];
  const value = parse(Disk, xml, issues);
  throwFirst(issues);
  return value;
};

const find = (xml: XmlElement | undefined, name: string): XmlElement | undefined =>
  xml?.children.find((child) => child.name === name);

/** Node names stand in `<privateData>`, which no definition has. */
function namesOf(xml: XmlElement): readonly ImageNames[] {
  const nodes = find(find(find(xml, "source"), "privateData"), "nodenames")?.children ?? [];
  const named = (type: string): string =>
    nodes.find(({ attributes }) => attributes.get("type") === type)?.attributes.get("name") ?? "";
  const names = { storageNode: named("storage"), formatNode: named("format"), sliceNode: "" };
  const below = find(xml, "backingStore");
  return [
    names,
    ...(find(below, "source") === undefined || below === undefined ? [] : namesOf(below)),
  ];
}

/** The cases name secrets and helpers otherwise than a started domain does. */
const renamed = (text: string): string =>
  text
    .replaceAll("-encryption-secret0", "-encalias")
    .replaceAll("-auth-secret0", "-secalias")
    .replaceAll(/"obj([^"]*)_tls0"/g, '"$1-tls0"')
    .replaceAll('"pr-helper0"', '"node-a-st-pr-alias"');

const plain = (value: unknown): unknown => JSON.parse(renamed(JSON.stringify(value)));

const readBack = (text: string): unknown =>
  text.startsWith("json:") ? (JSON.parse(text.slice("json:".length)) as unknown) : text;

const entryOf = (image: Image) => ({
  format: plain(formatProps(image)),
  storage: plain(storageProps(image)),
  sourceOnly: plain(sourceProps(image.source)),
  backingStoreString: readBack(backingString(image.source)),
});

function diskBlockdev(xml: string): unknown {
  const root = parseXml(xml);
  const image = diskImage(disk(root), namesOf(root), { context: CONTEXT });
  return image === undefined ? [] : chainOf(image).toReversed().map(entryOf);
}

interface Entry {
  readonly backingStoreString?: string;
}
const expectedEntries = (text: string): unknown =>
  (JSON.parse(text) as readonly Entry[]).map((entry) => ({
    ...entry,
    backingStoreString: readBack(entry.backingStoreString ?? ""),
  }));

/** `<source>` alone, out of a disk that has nothing else. */
function sourceXml(backing: ReturnType<typeof parseBacking>): string {
  const text = format(Disk, { device: "disk", ...defineSource(backing) } as Disk, SECRETS_SHOWN);
  const [source = ""] = /<source[\s\S]*?(\/>\n(?= {0,2}<\/disk>|$)|<\/source>\n)/.exec(text) ?? [];
  return source.trim().replaceAll(/\n\s*/g, "");
}

const flat = (xml: string): string => xml.trim().replaceAll(/\n\s*/g, "");

const sourceOfXml = (xml: string): StorageSource | undefined => {
  const type = /protocol=/.test(xml) ? "network" : /type='pci'/.test(xml) ? "nvme" : "file";
  return storageSource(disk(parseXml(`<disk type='${type}'>${xml}</disk>`)));
};

/** What a node of the source is opened with, without a name. */
const opened = (text: string): unknown => {
  const { source } = parseBacking(text.trim());
  return plain(given({ ...sourceProps(source), "auto-read-only": true, discard: "unmap" }));
};

const imageOf = (xml: string): Image => {
  const root = parseXml(xml);
  const image = diskImage(disk(root), namesOf(root), { context: CONTEXT });
  if (image === undefined) throw new Error("the case has no image");
  return image;
};

function imageCreate(folder: string, one: BlockCase, xml: string): unknown {
  const image = imageOf(xml);
  const { encryption } = disk(parseXml(xml)).source ?? {};
  const capacity = Number(one.capacity);
  const backing =
    one.backing === undefined
      ? {}
      : { backing: imageOf(readFileSync(join(folder, one.backing), "utf8")) };
  const physical = Number(one.physical);
  const cipher = withoutAbsent({ cipher: encryption?.cipher, ivgen: encryption?.ivgen });
  const request = { capacity, physical, cipher, ...backing };
  return plain({
    protocol: createStorageProps(image, physical) ?? null,
    format: createFormatProps(image, request) ?? null,
  });
}

const textOf = (folder: string, file: string | undefined): string =>
  file === undefined ? "" : readFileSync(join(folder, file), "utf8");

/** Actual and expected of one case. */
function both(folder: string, one: BlockCase): readonly [actual: unknown, expected: unknown] {
  if (BITMAP_KINDS.includes(one.kind)) return bothBitmaps(folder, one);
  const input = textOf(folder, one.input);
  const expected = textOf(folder, one.expected);
  switch (one.kind) {
    case "disk-blockdev":
      return [diskBlockdev(input), expected === "" ? undefined : expectedEntries(expected)];
    case "image-create":
      return [imageCreate(folder, one, input), JSON.parse(expected)];
    case "json-to-json":
      return [opened(input), JSON.parse(expected)];
    case "backing-parse":
      return [sourceXml(parseBacking(one.backing ?? "")), flat(one.xml ?? "")];
    default: {
      const source = sourceOfXml(one.xml ?? "");
      const text = source === undefined ? "" : `json:${jsonText({ file: sourceProps(source) })}`;
      return [sourceXml(parseBacking(text)), flat(one.xml ?? "")];
    }
  }
}

function judge(folder: string, one: BlockCase): Omit<BlockResult, "id" | "kind"> {
  try {
    const [actual, expected] = both(folder, one);
    if (one.error !== undefined) return { outcome: "accepted", detail: JSON.stringify(actual) };
    return isDeepStrictEqual(actual, expected)
      ? { outcome: "same", detail: "" }
      : {
          outcome: "different",
          detail: `expected ${JSON.stringify(expected)}\n      got ${JSON.stringify(actual)}`,
        };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { outcome: one.error === undefined ? "threw" : "refused", detail: message };
  }
}

const KINDS = [
  "disk-blockdev",
  "image-create",
  "json-to-json",
  "backing-parse",
  "source-roundtrip",
  ...BITMAP_KINDS,
];

/** Runs the cases of the block corpus whose id contains `filter`. */
export function runQemuBlock(corpus: string, filter = ""): readonly BlockResult[] {
  const folder = join(corpus, "qemu-block");
  return readFileSync(join(folder, "manifest.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as BlockCase)
    .filter(({ kind, id }) => KINDS.includes(kind) && id.includes(filter))
    .map((one) => ({ id: one.id, kind: one.kind, ...judge(folder, one) }));
}

if (import.meta.main) {
  const [corpus = CORPUS, filter = ""] = process.argv.slice(2);
  const results = runQemuBlock(corpus, filter);
  const good = (one: BlockResult): boolean => one.outcome === "same" || one.outcome === "refused";
  for (const one of results.filter((result) => !good(result)))
    console.log(`${one.outcome} ${one.id}\n      ${one.detail}`);
  for (const kind of KINDS) {
    const all = results.filter((one) => one.kind === kind);
    console.log(`${kind.padEnd(18)} ${all.filter(good).length}/${all.length}`);
  }
}
