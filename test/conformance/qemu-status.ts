/**
 * libvirt's own files about running domains, at the level of reading: who runs where, by which
 * monitor, and a live definition that says what libvirt's says. Private parts are libvirt's own.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { settleDomain } from "@vireo/model/domain/resolve/resolve";
import { firstDifference } from "./canonical-xml.ts";
import { fakeFacts } from "./corpus-facts.ts";
import { readManifest } from "./manifest.ts";
import { messageOf, type ConformanceResult } from "./result.ts";

/** What no live definition that clients see has. */
const PRIVATE = /\s*<(privateData|slirp|actual|diskSecretsPlacement)\b(?:[^>]*\/>|[\s\S]*?<\/\1>)/g;

/** A file tells everything itself: nothing of a host is added. */
const FACTS = fakeFacts("x86_64", []);

const domainIn = (text: string): string =>
  (/<domain [\s\S]*<\/domain>/.exec(text)?.[0] ?? "").replaceAll(PRIVATE, "");

export function runQemuStatus(corpus: string): readonly ConformanceResult[] {
  return readManifest(corpus, "qemu-status").map((one) => {
    const told = { corpus: "qemu-status", tier: one.kind, id: one.id };
    try {
      const xml = domainIn(readFileSync(join(corpus, "qemu-status", one.input), "utf8"));
      const { domain } = parseDomain(xml, { live: true });
      const live = settleDomain(domain, { ...FACTS, abiUpdate: false, live: true });
      const difference = firstDifference(formatDomain(live, { live: true, secure: true }), xml);
      return { ...told, passed: difference === undefined, detail: difference ?? "" };
    } catch (error) {
      return { ...told, passed: false, detail: `threw: ${messageOf(error)}` };
    }
  });
}
