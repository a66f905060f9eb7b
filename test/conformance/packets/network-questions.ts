/** What is asked of virtual networks: packets, and whether each has to come through. */
import {
  type Appearance,
  appearance,
  type HostPolicy,
  mayEnter,
  mayLeave,
  mayTell,
  mayUse,
  hasRules,
  type Place,
  type Site,
} from "./network-verdict.ts";
import { OUTSIDE, outsideEnd } from "./network-world.ts";
import type { Ip, Packet } from "./packet.ts";

export interface Question {
  readonly text: string;
  /** A cable's end, `host` or `host:DEVICE`. */
  readonly from: string;
  readonly to: string;
  readonly packet: Packet & { readonly ip: Ip };
  readonly passes: boolean;
  /** How it has to look where it comes out. */
  readonly looks?: Appearance;
  /** Whether an answer comes back to who asked; not asked when absent. */
  readonly answered?: boolean;
  /** Who answers, for the frame: card and next hop. */
  readonly way?: { readonly mac: string; readonly hop: string };
}
/** What all questions are asked with. */
export interface Setting {
  readonly policy: HostPolicy;
  readonly backend: "nftables" | "iptables";
  /** MAC addresses of the host's interfaces. */
  readonly macOf: (dev: string) => string;
}

const TCP = 6;
const UDP = 17;
const EXPERIMENT = 253;
const SYN = 2;
const BROADCAST = "ff:ff:ff:ff:ff:ff";
const icmpOf = (six: boolean): { protocol: number; type: number } =>
  six ? { protocol: 58, type: 128 } : { protocol: 1, type: 8 };

interface Wish {
  readonly six: boolean;
  readonly src: string;
  readonly dst: string;
  readonly protocol: number;
  readonly dport?: number;
  readonly sport?: number;
  readonly type?: number;
}
interface Macs {
  readonly src: string;
  readonly dst: string;
}

/** Each question has a port of its own, and so a connection of its own. */
let nextPort = 20_000;
const freshPort = (): number => {
  nextPort = nextPort >= 60_000 ? 20_000 : nextPort + 1;
  return nextPort;
};

const packet = (macs: Macs, wish: Wish): Question["packet"] => ({
  ...macs,
  type: wish.six ? 0x86dd : 0x0800,
  ip: {
    src: wish.src,
    dst: wish.dst,
    protocol: wish.protocol,
    dscp: 0,
    sport: wish.sport ?? freshPort(),
    dport: wish.dport ?? 4000,
    tcpFlags: SYN,
    type: wish.type ?? 0,
    code: 0,
  },
});

/** What is sent where protocols matter: [words, fields]. */
const kinds = (
  six: boolean,
): readonly (readonly [string, Pick<Wish, "protocol" | "dport" | "type" | "sport">])[] => [
  ["UDP", { protocol: UDP, dport: 4000 }],
  ["TCP", { protocol: TCP, dport: 80 }],
  ["echo", icmpOf(six)],
];

const family = (six: boolean): string => (six ? "IPv6" : "IPv4");

function toHost(site: Site, place: Place, { policy }: Setting): readonly Question[] {
  const { ends, bridgeMac, network } = site;
  const [guest] = place.guests;
  const macs = { src: ends[0].mac, dst: bridgeMac };
  const ports = place.six
    ? [
        [UDP, 53],
        [TCP, 53],
        [UDP, 547],
        [TCP, 22],
        [UDP, 123],
      ]
    : [
        [UDP, 67],
        [UDP, 53],
        [TCP, 53],
        [UDP, 69],
        [TCP, 22],
        [UDP, 123],
      ];
  const ask = (words: string, wish: Partial<Wish>, passes: boolean): Question => ({
    text: `${network.name} guest to host, ${family(place.six)} ${words}`,
    from: ends[0].name,
    to: "host",
    packet: packet(macs, { six: place.six, src: guest, dst: place.host, protocol: UDP, ...wish }),
    passes,
  });
  return [
    ...ports.map(([protocol = UDP, dport = 0]) =>
      ask(
        `${protocol === TCP ? "TCP" : "UDP"} ${dport}`,
        { protocol, dport },
        mayUse(site, place, dport, policy),
      ),
    ),
    ask("echo", icmpOf(place.six), policy === "open"),
  ];
}

function fromHost(site: Site, place: Place, { policy }: Setting): readonly Question[] {
  const { ends, bridge, bridgeMac, network } = site;
  const [guest] = place.guests;
  const macs = { src: bridgeMac, dst: ends[0].mac };
  const told = (dst: string, sport: number, dport: number, passes: boolean): Question => ({
    text: `${network.name} host to ${dst === guest ? "guest" : dst}, ${family(place.six)} UDP ${dport}`,
    from: `host:${bridge}`,
    to: ends[0].name,
    packet: packet(macs, { six: place.six, src: place.host, dst, protocol: UDP, sport, dport }),
    passes,
    // groups and all: never translated, whatever the range
    looks: { sources: [place.host, place.host], ports: [sport, sport] },
  });
  const answers = place.six ? 546 : 68;
  return [
    told(guest, place.six ? 547 : 67, answers, mayTell(site, place, answers, policy)),
    told(guest, 53, 53, mayTell(site, place, 53, policy)),
    told(guest, 999, 5000, policy === "open"),
    ...(place.six
      ? [
          told("ff02::fb", 546, 546, mayTell(site, place, 546, policy)),
          told("ff02::fb", 53, 5353, policy === "open"),
        ]
      : [
          told("255.255.255.255", 67, 68, mayTell(site, place, 68, policy)),
          told("224.0.0.251", 53, 5353, policy === "open"),
        ]),
  ];
}

/** Packets on the bridge alone; where bridges show them to iptables, a closed host stops those of open networks. */
function amongGuests(site: Site, place: Place, { policy }: Setting): readonly Question[] {
  const { ends, network } = site;
  const [guest, other] = place.guests;
  const passes = policy === "open" || hasRules(site);
  const group = place.six
    ? (["ff02::fb", "33:33:00:00:00:fb"] as const)
    : (["224.0.0.251", "01:00:5e:00:00:fb"] as const);
  const ask = (
    words: string,
    [dst, mac]: readonly [string, string],
    wish: Partial<Wish>,
  ): Question => ({
    text: `${network.name} guest to ${words}, ${family(place.six)}`,
    from: ends[0].name,
    to: ends[1].name,
    packet: packet(
      { src: ends[0].mac, dst: mac },
      { six: place.six, src: guest, dst, protocol: UDP, ...wish },
    ),
    passes,
    looks: { sources: [guest, guest] },
  });
  return [
    ...kinds(place.six).map(([words, wish]) =>
      ask(`guest by ${words}`, [other, ends[1].mac], wish),
    ),
    ask("group", group, { dport: 5353 }),
    ...(place.six ? [] : [ask("all", ["255.255.255.255", BROADCAST], { dport: 9 })]),
  ];
}

type Way = (typeof OUTSIDE)[number];
const farOf = ({ four, six }: Way, isSix: boolean): string => (isSix ? `${six}::2` : `${four}.2`);
const ownOf = ({ four, six }: Way, isSix: boolean): string => (isSix ? `${six}::1` : `${four}.1`);
/** Somebody new that no route but the host's default leads to: protocols without ports need no other mark. */
let strangers = 0;
const beyond = (isSix: boolean): string => {
  strangers += 1;
  return isSix ? `2001:db8:ffff::${strangers.toString(16)}` : `192.0.2.${strangers % 255}`;
};

function outward(site: Site, place: Place, setting: Setting): readonly Question[] {
  const { ends, bridgeMac, network } = site;
  const { policy, macOf } = setting;
  const [guest] = place.guests;
  const ask = (way: Way, words: string, wish: Partial<Wish>, expected: boolean): Question => {
    const end = outsideEnd(way.dev);
    const src = wish.src ?? guest;
    const looks = appearance(site, place, { own: ownOf(way, place.six), guest: src });
    const hasPorts = wish.protocol === UDP || wish.protocol === TCP;
    return {
      text: `${network.name} guest to outside by ${way.dev}, ${family(place.six)} ${words}`,
      from: ends[0].name,
      to: end.name,
      packet: packet(
        { src: ends[0].mac, dst: bridgeMac },
        { six: place.six, src, dst: farOf(way, place.six), protocol: UDP, ...wish },
      ),
      passes: expected,
      looks: hasPorts ? looks : { sources: looks.sources },
      ...(wish.protocol === EXPERIMENT || src !== guest
        ? {}
        : {
            answered: mayEnter(site, place, { dev: way.dev, isAnswer: true }, policy),
            way: { mac: end.mac, hop: macOf(way.dev) },
          }),
    };
  };
  return OUTSIDE.flatMap((way) => {
    const expected = mayLeave(site, way.dev, policy);
    const [first] = OUTSIDE;
    const common = [
      ...kinds(place.six).map(([words, wish]) => ask(way, words, wish, expected)),
      ask(
        way,
        "UDP from a low port",
        { protocol: UDP, sport: 600 + (freshPort() % 300) },
        expected,
      ),
    ];
    if (way !== first) return common;
    const stranger = place.six ? "2001:db8:bad::9" : "203.0.113.9";
    const isOpen = policy === "open" && !hasRules(site);
    return [
      ...common,
      ask(way, "another protocol", { protocol: EXPERIMENT, dst: beyond(place.six) }, expected),
      ask(way, "far away", { protocol: UDP, dst: beyond(place.six) }, expected),
      ask(way, "with a stranger's address", { protocol: UDP, src: stranger }, isOpen),
    ];
  });
}

function inward(site: Site, place: Place, { policy, macOf }: Setting): readonly Question[] {
  const { ends, network, bridgeMac } = site;
  const [guest] = place.guests;
  return OUTSIDE.flatMap((way) =>
    kinds(place.six).map(([words, wish]) => {
      const end = outsideEnd(way.dev);
      return {
        text: `${network.name} outside by ${way.dev} to guest, ${family(place.six)} ${words}`,
        from: end.name,
        to: ends[0].name,
        packet: packet(
          { src: end.mac, dst: macOf(way.dev) },
          { six: place.six, src: farOf(way, place.six), dst: guest, ...wish },
        ),
        passes: mayEnter(site, place, { dev: way.dev, isAnswer: false }, policy),
        looks: { sources: [farOf(way, place.six), farOf(way, place.six)] as const },
        answered: mayLeave(site, way.dev, policy),
        way: { mac: ends[0].mac, hop: bridgeMac },
      };
    }),
  );
}

/** Groups stay where they are. */
function escaping(site: Site, place: Place): readonly Question[] {
  if (place.six) return [];
  const { ends, network } = site;
  const [guest] = place.guests;
  const groups = [
    ["224.0.0.251", "01:00:5e:00:00:fb"],
    ["255.255.255.255", BROADCAST],
  ] as const;
  return groups.map(([dst, mac]) => ({
    text: `${network.name} guest's ${dst} outside`,
    from: ends[0].name,
    to: outsideEnd("out0").name,
    packet: packet({ src: ends[0].mac, dst: mac }, { six: false, src: guest, dst, protocol: UDP }),
    passes: false,
  }));
}

/**
 * From a guest of one network to one of another. libvirt's iptables rules let in what a network
 * takes from anybody before they look where it came from: there an isolated guest can send into
 * a routed network, though no answer comes back.
 */
function passesBetween(from: Site, to: Site, place: Place, { policy, backend }: Setting): boolean {
  const enters = mayEnter(to, place, { dev: from.bridge, isAnswer: false }, policy);
  const leaves = mayLeave(from, to.bridge, policy);
  const [out, into] = [hasRules(from), hasRules(to)];
  if (!out || !into) return out ? leaves : into ? enters : policy === "open";
  return backend === "iptables" ? enters : enters && leaves;
}

const between = (from: Site, to: Site, setting: Setting): readonly Question[] =>
  from.places.flatMap((mine) => {
    const theirs = to.places.find(({ six }) => six === mine.six);
    if (theirs === undefined) return [];
    return kinds(mine.six).map(([words, wish]) => ({
      text: `${from.network.name} guest to ${to.network.name} guest, ${family(mine.six)} ${words}`,
      from: from.ends[0].name,
      to: to.ends[0].name,
      packet: packet(
        { src: from.ends[0].mac, dst: from.bridgeMac },
        { six: mine.six, src: mine.guests[0], dst: theirs.guests[0], ...wish },
      ),
      passes: passesBetween(from, to, theirs, setting),
    }));
  });

/** In the order in which they are to be sent. */
export const questionsOf = (sites: readonly Site[], setting: Setting): readonly Question[] => [
  ...sites.flatMap((site) =>
    site.places.flatMap((place) =>
      [toHost, fromHost, amongGuests, outward, inward, escaping].flatMap((ask) =>
        ask(site, place, setting),
      ),
    ),
  ),
  ...sites.flatMap((from) =>
    sites.filter((to) => to !== from).flatMap((to) => between(from, to, setting)),
  ),
];
