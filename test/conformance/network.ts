/** libvirt's cases of networks: XML to XML, updates, and the files of dnsmasq. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dnsmasqFiles } from "../../packages/model/network/dnsmasq-config.ts";
import { formatNetworkPort, parseNetworkPort } from "../../packages/model/network/network-port.ts";
import type { Network } from "../../packages/model/network/network.ts";
import { formatNetwork, parseNetwork } from "../../packages/model/network/parse-network.ts";
import { updateNetwork } from "../../packages/model/network/update-network.ts";
import type { UpdateCommand, UpdateSection } from "../../packages/model/network/update-section.ts";
import { firstDifference } from "./canonical-xml.ts";
import {
  formatHostInterface,
  parseHostInterface,
} from "../../packages/model/node/host-interface.ts";
import { formatNodeDevice, parseNodeDevice } from "../../packages/model/node/node-device.ts";
import {
  formatNwFilter,
  formatNwFilterBinding,
  parseNwFilter,
  parseNwFilterBinding,
} from "../../packages/model/nwfilter/nwfilter.ts";
import { type CorpusCase, readManifest } from "./manifest.ts";
import { type ConformanceResult, messageOf } from "./result.ts";

interface NetworkCase extends CorpusCase {
  readonly update?: string;
  readonly command?: UpdateCommand;
  readonly section?: UpdateSection;
  readonly parentIndex?: number;
  readonly hostsfile?: string | null;
}
type Reader = (path: string) => string;

/** What no case asks for. */
const newUuid = (): string => "00000000-0000-4000-8000-000000000000";
const networkOf = (xml: string): Network => parseNetwork(xml, newUuid).network;

function updated(one: NetworkCase, read: Reader): string {
  const { update = "", command = "modify", section = "portgroup", parentIndex = -1 } = one;
  const change = { command, section, parentIndex, xml: read(update) };
  return formatNetwork(updateNetwork(networkOf(read(one.input)), change));
}

const CONVERSIONS: Readonly<Record<string, (one: NetworkCase, read: Reader) => string>> = {
  network: ({ input }, read) => formatNetwork(networkOf(read(input))),
  "network-update": updated,
  nwfilter: ({ input }, read) => formatNwFilter(parseNwFilter(read(input), newUuid)),
  nwfilterbinding: ({ input }, read) => formatNwFilterBinding(parseNwFilterBinding(read(input))),
  interface: ({ input }, read) => formatHostInterface(parseHostInterface(read(input))),
  nodedev: ({ input }, read) => formatNodeDevice(parseNodeDevice(read(input))),
  networkport: ({ input }, read) => formatNetworkPort(parseNetworkPort(read(input))),
};

function judged(
  one: NetworkCase,
  corpus: string,
  difference: () => string | undefined,
): ConformanceResult {
  const result = { corpus, tier: one.kind, id: one.id };
  try {
    const detail = one.error === undefined ? difference() : (difference(), "was not refused");
    return { ...result, passed: detail === undefined, detail: detail ?? "" };
  } catch (error) {
    return { ...result, passed: one.error !== undefined, detail: messageOf(error) };
  }
}

/** The cases of corpus xml2xml that are about networks, filters and the host's devices. */
export function runNetworkXml(corpus: string): readonly ConformanceResult[] {
  const read: Reader = (path) => readFileSync(join(corpus, "xml2xml", path), "utf8");
  return readManifest(corpus, "xml2xml").flatMap((one) => {
    const convert = CONVERSIONS[one.kind];
    if (convert === undefined) return [];
    return judged(one, "xml2xml", () => {
      const printed = convert(one, read);
      return one.expected === undefined ? undefined : firstDifference(printed, read(one.expected));
    });
  });
}

function firstLineThatDiffers(actual: string, expected: string): string | undefined {
  const [ours, theirs] = [actual.split("\n"), expected.split("\n")];
  const at = theirs.findIndex((line, row) => ours[row] !== line);
  if (at < 0 && ours.length === theirs.length) return undefined;
  return `got '${ours[at] ?? ours[theirs.length]}', expected '${theirs[at]}'`;
}

/** Corpus network-conf. */
export function runNetworkConf(corpus: string): readonly ConformanceResult[] {
  const read: Reader = (path) => readFileSync(join(corpus, "network-conf", path), "utf8");
  const cases: readonly NetworkCase[] = readManifest(corpus, "network-conf");
  return cases.map((one) =>
    judged(one, "network-conf", () => {
      const directory = "/var/lib/libvirt/dnsmasq";
      const { conf, hostsFile } = dnsmasqFiles(networkOf(read(one.input)), { directory });
      return (
        firstLineThatDiffers(conf, read(one.expected ?? "")) ??
        firstLineThatDiffers(
          hostsFile,
          typeof one.hostsfile === "string" ? read(one.hostsfile) : "",
        )
      );
    }),
  );
}
