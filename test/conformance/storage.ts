/** libvirt's cases of storage pools, volumes and secrets: XML to XML, and the commands they lead to. */
import { isDeepStrictEqual } from "node:util";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { poolStartCommand } from "../../packages/daemon/driver/storage/pool-command.ts";
import {
  volumeCommands,
  type KeyedVolume,
} from "../../packages/daemon/driver/storage/volume-command.ts";
import { formatSecret, parseSecret } from "../../packages/model/secret/secret.ts";
import { formatPool, parsePool } from "../../packages/model/storage/parse-pool.ts";
import {
  formatVolume,
  parseVolume,
  type ParseVolumeOptions,
} from "../../packages/model/storage/parse-volume.ts";
import type { StoragePool } from "../../packages/model/storage/pool.ts";
import { firstDifference } from "./canonical-xml.ts";
import { type CorpusCase, readManifest } from "./manifest.ts";
import { type ConformanceResult, messageOf } from "./result.ts";

interface StorageCase extends CorpusCase {
  readonly pool?: string;
  readonly inputPool?: string;
  readonly inputVol?: string;
  readonly flags?: readonly string[];
  readonly parseFlags?: readonly string[];
  readonly secretFiles?: { readonly vol: string; readonly inputVol: string };
}

/** What no case asks for. */
const newUuid = (): string => "00000000-0000-4000-8000-000000000000";

const poolOf = (xml: string): StoragePool => parsePool(xml, newUuid).pool;

const capacityRule = (flags: readonly string[] = []): ParseVolumeOptions =>
  flags.includes("no-capacity")
    ? { capacity: "none" }
    : { capacity: flags.includes("optional-capacity") ? "backing" : "required" };

type Reader = (path: string) => string;

const CONVERSIONS: Readonly<Record<string, (one: StorageCase, read: Reader) => string>> = {
  storagepool: ({ input }, read) => formatPool(poolOf(read(input))),
  storagevol: ({ input, pool = "", parseFlags }, read) =>
    formatVolume(parseVolume(poolOf(read(pool)).type, read(input), capacityRule(parseFlags))),
  secret: ({ input }, read) => formatSecret(parseSecret(read(input), newUuid)),
};

function judged(
  one: StorageCase,
  corpus: string,
  check: () => string | undefined,
): ConformanceResult {
  const result = { corpus, tier: one.kind, id: one.id };
  try {
    const detail = check();
    return { ...result, passed: detail === undefined, detail: detail ?? "" };
  } catch (error) {
    return { ...result, passed: one.error !== undefined, detail: messageOf(error) };
  }
}

const cases = (corpus: string, name: string): readonly StorageCase[] => readManifest(corpus, name);

/** The cases of corpus xml2xml that are about storage and secrets. */
export function runStorageXml(corpus: string): readonly ConformanceResult[] {
  const read: Reader = (path) => readFileSync(join(corpus, "xml2xml", path), "utf8");
  return cases(corpus, "xml2xml").flatMap((one) => {
    const convert = CONVERSIONS[one.kind];
    if (convert === undefined) return [];
    return judged(one, "xml2xml", () =>
      firstDifference(convert(one, read), read(one.expected ?? "")),
    );
  });
}

function commandsOf(one: StorageCase, read: Reader): readonly (readonly string[])[] {
  if (one.kind === "pool-start") {
    const command = poolStartCommand(poolOf(read(one.input)));
    return command === undefined ? [] : [command];
  }
  const { secretFiles, parseFlags, flags = [] } = one;
  const keyed = (pool: string, volume: string, secretFile: string | undefined): KeyedVolume => ({
    volume: parseVolume(poolOf(read(pool)).type, read(volume), capacityRule(parseFlags)),
    ...(secretFile === undefined ? {} : { secretFile }),
  });
  const { inputPool = "", inputVol } = one;
  return volumeCommands({
    ...keyed(one.pool ?? "", one.input, secretFiles?.vol),
    ...(inputVol === undefined ? {} : { input: keyed(inputPool, inputVol, secretFiles?.inputVol) }),
    preallocate: flags.includes("prealloc-metadata"),
  });
}

/** Corpus storage-argv. */
export function runStorageArgv(corpus: string): readonly ConformanceResult[] {
  const read: Reader = (path) => readFileSync(join(corpus, "storage-argv", path), "utf8");
  return cases(corpus, "storage-argv").map((one) =>
    judged(one, "storage-argv", () => {
      const actual = commandsOf(one, read);
      return isDeepStrictEqual(actual, JSON.parse(read(one.expected ?? "")))
        ? undefined
        : JSON.stringify(actual);
    }),
  );
}
