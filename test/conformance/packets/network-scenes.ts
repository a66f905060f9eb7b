/** Networks that are asked together: each case of the corpus alone, and kinds that it has none of. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readManifest } from "../manifest.ts";

export interface Scene {
  readonly id: string;
  readonly definitions: readonly string[];
}

const IPV4 =
  "<ip address='10.61.0.1' prefix='24'><dhcp><range start='10.61.0.100' end='10.61.0.200'/></dhcp></ip>";
const IPV6 = "<ip family='ipv6' address='2001:db8:61::1' prefix='64'/>";
const network = (name: string, inside: string, ips = `${IPV4}${IPV6}`): string =>
  `<network><name>${name}</name><bridge name='br-${name}' stp='off' delay='0'/>${inside}${ips}</network>`;
/** Of four that are there at once. */
const numbered = (name: string, number: number, inside: string): string =>
  network(
    name,
    inside,
    `<ip address='10.7${number}.0.1' prefix='24'/><ip family='ipv6' address='2001:db8:7${number}::1' prefix='64'/>`,
  );

const OWN: readonly Scene[] = [
  { id: "isolated", definitions: [network("isolated", "")] },
  { id: "route", definitions: [network("route", "<forward mode='route'/>")] },
  { id: "open", definitions: [network("open", "<forward mode='open'/>")] },
  { id: "nat-dev", definitions: [network("natdev", "<forward mode='nat' dev='out1'/>")] },
  { id: "route-dev", definitions: [network("routedev", "<forward mode='route' dev='out1'/>")] },
  {
    id: "nat-range",
    definitions: [
      network(
        "natrange",
        "<forward mode='nat'><nat><address start='198.51.100.40' end='198.51.100.43'/><port start='3000' end='3999'/></nat></forward>",
      ),
    ],
  },
  {
    id: "nat-ports-ipv6",
    definitions: [
      network(
        "natports",
        "<forward mode='nat'><nat ipv6='yes'><port start='3000' end='3999'/></nat></forward>",
      ),
    ],
  },
  {
    id: "two-ranges",
    definitions: [
      network(
        "ranges",
        "<forward mode='nat'/>",
        `${IPV4}<ip address='172.31.6.1' netmask='255.255.255.0'/>`,
      ),
    ],
  },
  {
    id: "beside-each-other",
    definitions: [
      numbered("nat1", 1, "<forward mode='nat'/>"),
      numbered("nat2", 2, "<forward mode='nat'/>"),
      numbered("alone", 3, ""),
      numbered("routed", 4, "<forward mode='route'/>"),
      numbered("openly", 5, "<forward mode='open'/>"),
    ],
  },
];

/** TFTP's directory is one that this machine has, and ports of the bridge forward at once. */
const startable = (xml: string): string =>
  xml
    .replaceAll(/<tftp root='[^']*'/g, "<tftp root='/tmp'")
    .replaceAll(/<bridge name="([^"]*)"/g, "<bridge name='$1' stp='off'");

const ofCorpus = (corpus: string): readonly Scene[] =>
  readManifest(corpus, "network-firewall").map(({ id, input }) => ({
    id,
    definitions: [startable(readFileSync(join(corpus, "network-firewall", input), "utf8"))],
  }));

/** Without a corpus those of ours remain. */
export const scenesOf = (corpus: string): readonly Scene[] => [
  ...(existsSync(join(corpus, "network-firewall")) ? ofCorpus(corpus) : []),
  ...OWN,
];
