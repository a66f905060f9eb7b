/** libvirt's cases of snapshots: XML to XML. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  formatSnapshot,
  parseSnapshot,
  type WrittenSnapshot,
} from "../../packages/model/moment/parse-snapshot.ts";
import { firstDifference } from "./canonical-xml.ts";
import { type CorpusCase, readManifest } from "./manifest.ts";
import { type ConformanceResult, messageOf } from "./result.ts";

interface SnapshotCase extends CorpusCase {
  readonly domainUuid?: string;
  readonly creationTime?: number;
  readonly redefine?: boolean;
  readonly setRunning?: boolean;
}

/** What the daemon adds to a wish: the time, a name after it, whose it is. */
function granted(wish: WrittenSnapshot, one: SnapshotCase): WrittenSnapshot {
  const { creationTime, domainUuid, setRunning } = one;
  if (creationTime === undefined) return wish;
  const { parent: _said, state: _too, domainUuid: _also, ...asked } = wish;
  return {
    ...asked,
    name: wish.name ?? String(creationTime),
    creationTime,
    ...(setRunning === true ? { state: "running" } : {}),
    ...(domainUuid === undefined ? {} : { domainUuid }),
  };
}

function printed(one: SnapshotCase, xml: string): string {
  const { snapshot } = parseSnapshot(xml);
  return formatSnapshot(one.redefine === true ? snapshot : granted(snapshot, one), {
    secure: true,
  });
}

/** The cases of corpus xml2xml that are about snapshots. */
export function runMomentXml(corpus: string): readonly ConformanceResult[] {
  const read = (path: string): string => readFileSync(join(corpus, "xml2xml", path), "utf8");
  const cases: readonly SnapshotCase[] = readManifest(corpus, "xml2xml");
  return cases
    .filter(({ kind }) => kind === "snapshot")
    .map((one) => {
      const result = { corpus: "xml2xml", tier: one.kind, id: one.id };
      try {
        const difference = firstDifference(printed(one, read(one.input)), read(one.expected ?? ""));
        return { ...result, passed: difference === undefined, detail: difference ?? "" };
      } catch (error) {
        return { ...result, passed: one.error !== undefined, detail: messageOf(error) };
      }
    });
}
