import assert from "node:assert/strict";
import { test } from "node:test";
import { expandFilter } from "@vireo/model/nwfilter/expand-filter";
import { parseNwFilter } from "@vireo/model/nwfilter/nwfilter";
import { interfaceRules } from "./interface-rules.ts";

const ALL = { connections: true, reject: true };

/** Rules by chain, of a filter with one rule. */
function rulesOf(
  rule: string,
  { attributes = "action='accept' direction='out'", abilities = ALL, chain = "root" } = {},
): Readonly<Record<string, readonly string[]>> {
  const xml = `<filter name='f' chain='${chain}'><rule ${attributes}>${rule}</rule></filter>`;
  const filter = parseNwFilter(xml, () => "u");
  const context = { find: () => filter, learned: new Set<string>() };
  const chains = expandFilter("f", new Map(), context);
  const filled = interfaceRules({ dev: "v0", chains }, abilities).chains;
  return Object.fromEntries(
    filled.filter(({ rules }) => rules.length > 0).map(({ name, rules }) => [name, rules]),
  );
}

const V4 = "ether type 0x0800";
/** Ports are in the first fragment only. */
const FIRST = "ip frag-off & 0x1fff == 0";

const CASES: readonly (readonly [string, string, object])[] = [
  [
    "accept out lets answers in",
    "<tcp dstipaddr='10.0.0.1' dstportstart='80'/>",
    {
      "out-ip/v0": [
        `${V4} ${FIRST} meta l4proto == 6 ip daddr == 10.0.0.1 th dport == 80 ct state { new, established } ct direction original accept`,
      ],
      "in-ip/v0": [
        `${V4} ${FIRST} meta l4proto == 6 ip saddr == 10.0.0.1 th sport == 80 ct state established ct direction reply accept`,
      ],
    },
  ],
  [
    "a state that is asked for is asked one way",
    "<tcp state='NEW'/>",
    { "out-ip/v0": [`${V4} meta l4proto == 6 ct state new accept`] },
  ],
  [
    "an ICMP type has no answer of its type",
    "<icmp type='8'/>",
    {
      "out-ip/v0": [
        `${V4} ${FIRST} meta l4proto == 1 icmp type == 8 ct state { new, established } accept`,
      ],
    },
  ],
  [
    "flags and ranges",
    "<tcp state='NONE' flags='SYN,ACK/SYN' srcportstart='1' srcportend='9'/>",
    {
      "out-ip/v0": [
        `${V4} ${FIRST} meta l4proto == 6 th sport == 1-9 tcp flags & (syn | ack) == (syn) accept`,
      ],
    },
  ],
  [
    "nothing of what is named",
    "<ip match='no' srcipaddr='10.0.0.0' srcipmask='8'/>",
    { "out/v0": [`${V4} ip saddr != 10.0.0.0/8 accept`] },
  ],
  [
    "masks of MAC addresses",
    "<mac srcmacaddr='01:02:03:04:05:06' srcmacmask='ff:ff:ff:00:00:00'/>",
    { "out/v0": ["ether saddr & ff:ff:ff:00:00:00 == 01:02:03:00:00:00 accept"] },
  ],
  [
    "ARP by its fields, a prefix by its bits",
    "<arp opcode='Reply' arpsrcipaddr='10.1.0.0' arpsrcipmask='16'/>",
    {
      "out/v0": [
        "ether type 0x0806 @nh,16,16 == 0x800 @nh,32,16 == 0x604 @nh,216,8 >= 0 @nh,48,16 == 2 @nh,112,16 == 0xa01 accept",
      ],
    },
  ],
  [
    "ARP that is not Ethernet's has no MAC address to compare",
    "<arp match='no' arpsrcmacaddr='01:02:03:04:05:06'/>",
    {
      "out/v0": [
        "ether type 0x0806 @nh,0,16 == 1 @nh,32,8 == 6 @nh,64,48 != 0x010203040506 accept",
      ],
    },
  ],
  [
    "a protocol inside IPv6 is known of a whole packet and of a first fragment",
    "<ipv6 protocol='udp' srcportstart='5'/>",
    {
      "out/v0": ["exthdr frag missing", "frag frag-off 0"].map(
        (fragments) => `ether type 0x86dd ${fragments} meta l4proto == 17 th sport == 5 accept`,
      ),
    },
  ],
];

for (const [name, rule, wanted] of CASES)
  test(`rules: ${name}`, () => assert.deepEqual(rulesOf(rule), wanted));

test("rules: both ways, the second turned round", () => {
  const attributes = "action='drop' direction='inout'";
  assert.deepEqual(rulesOf("<ip srcipaddr='10.0.0.1'/>", { attributes }), {
    "out/v0": [`${V4} ip daddr == 10.0.0.1 counter drop`],
    "in/v0": [`${V4} ip saddr == 10.0.0.1 counter drop`],
  });
});

test("rules: a chain is gone to for its protocol only", () => {
  const rules = rulesOf("", { attributes: "action='drop' direction='out'", chain: "arp-own" });
  assert.deepEqual(rules, {
    "out/v0": ["ether type 0x0806 jump out/v0/arp-own"],
    "out/v0/arp-own": ["counter drop"],
  });
});

test("rules: what cannot be had is said", () => {
  const abilities = { connections: false, reject: false };
  assert.throws(() => rulesOf("<tcp/>", { abilities }), /nf_conntrack_bridge/);
  const stateless = "action='reject' direction='out' statematch='false'";
  const dropped = rulesOf("<tcp/>", { abilities, attributes: stateless });
  assert.deepEqual(dropped["out-ip/v0"], [`${V4} meta l4proto == 6 counter drop`]);
  assert.throws(() => rulesOf("<all ipset='s' ipsetflags='src'/>"), /'ipset' is not supported/);
  assert.throws(() => rulesOf("<arp gratuitous='true'/>"), /'gratuitous' is not supported/);
});
