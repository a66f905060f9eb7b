/**
 * The filters of a corpus against real packets, in a network namespace of its own:
 *
 *     packets.scenario.ts CORPUS nftables|iptables [CASE]
 *
 * Each case is put in force three times: as it is, and with everything refused that it does not let
 * through, once by frames and once by packets. What a packet must meet is told by the filter's
 * meaning (verdict.ts), not by our rules.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNwFilterDriver } from "../../../packages/daemon/driver/nwfilter/nwfilter-driver.ts";
import type { Call, Role } from "../../../packages/daemon/driver/contract.ts";
import { DaemonLog } from "../../../packages/daemon/host/daemon-log.ts";
import { makeDirectories, pathsOf } from "../../../packages/daemon/host/paths.ts";
import {
  type ExpandedChain,
  type ExpandedRule,
  expandFilter,
} from "../../../packages/model/nwfilter/expand-filter.ts";
import { type NwFilter, parseNwFilter } from "../../../packages/model/nwfilter/nwfilter.ts";
import { type CorpusCase, readManifest } from "../manifest.ts";
import { forgetConnections, makeBridge, openSender, openWorld, sh } from "./bridge-lab.ts";
import { Connections } from "./connections.ts";
import { packetsOf, type Probe } from "./filter-packets.ts";
import { frameOf } from "./packet.ts";
import { isPacketRule, passes } from "./verdict.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";

refuseHostNetwork();

const [corpus = "", wanted = "nftables", only] = process.argv.slice(2);
const backend = wanted === "iptables" ? "iptables" : "nftables";

interface FilterCase extends CorpusCase {
  readonly variables?: Readonly<Record<string, readonly string[]>>;
}
const MAC = "52:54:00:00:00:02";
const SET = "tck_test";
const SET_ADDRESSES = ["10.9.0.2", "10.9.0.4"];
const owner = { name: "g", uuid: "5c6d49af-b071-4127-b4ec-6f8ed4b55335" };
const call: Call = {
  caller: { name: "test", readOnly: false, door: "daemon" },
  uri: "qemu:///system",
  onDisconnect: () => undefined,
};

const STATELESS = /<rule (?![^>]*statematch)/g;
/** A bridge lets nobody send with the address of a group, which the cases do. */
const sendable = (xml: string): string => xml.replaceAll("1:2:3:4:5:6", "2:2:3:4:5:6");

/** Rules that are left out, and why. */
const LEFT_OUT: readonly (readonly [attribute: string, reason: string, always: boolean])[] = [
  ["connlimit-above", "the kernel's count of connections", true],
  ["ipset=", "IP sets are not nftables'", false],
  ["gratuitous", "nftables cannot compare ARP's two addresses", false],
];

/** The case as this backend can have it here. */
function adapted(written: string): { readonly xml: string; readonly left: readonly string[] } {
  const isLeft = LEFT_OUT.filter(
    ([attribute, , always]) => written.includes(attribute) && (always || backend === "nftables"),
  );
  const xml = isLeft.reduce(
    (text, [attribute]) =>
      text.replaceAll(new RegExp(`<rule (?:(?!</rule>)[^])*?${attribute}[^]*?</rule>`, "g"), ""),
    sendable(written),
  );
  const left = isLeft.map(([, reason]) => reason);
  if (backend === "iptables") return { xml, left };
  const plain = xml
    .replaceAll(STATELESS, "<rule statematch='false' ")
    .replaceAll(/ state='[^']*'/g, "");
  const asksState = isStateful(xml) ? ["states of connections need nf_conntrack_bridge"] : [];
  return { xml: plain, left: [...left, ...asksState] };
}
const isStateful = (xml: string): boolean =>
  (parseNwFilter(xml, () => "f").rules ?? []).some(
    ({ action, direction, statematch, ...rest }) =>
      action === "accept" &&
      direction !== "inout" &&
      statematch !== "false" &&
      Object.keys(rest).some((protocol) => protocol !== "priority" && isPacketRule({ protocol })),
  );

/** Rules as ebtables and its kernel compare them; libvirt writes the same words. */
function inEbtables(rule: ExpandedRule): readonly ExpandedRule[] {
  const { dscp, hwtype = "1" } = rule.match;
  const inner = rule.match["encap-protocol"];
  const ofArp = rule.match["arpsrcmacaddr"] ?? rule.match["arpdstmacaddr"];
  if (rule.match["sender-address"] !== undefined) return []; // never fits
  // addresses inside ARP are looked at on Ethernet only, and a tag that the card took off hides what is in it
  if ((ofArp !== undefined && hwtype !== "1") || inner !== undefined) return [];
  if (dscp === undefined || isPacketRule(rule)) return [rule];
  // the byte of service as a whole, where the rule names its upper six bits
  return [{ ...rule, match: { ...rule.match, dscp: String(Number(dscp) / 4) } }];
}
const asCompared = (chains: readonly ExpandedChain[]): readonly ExpandedChain[] =>
  backend === "nftables"
    ? chains
    : chains.map((chain) => ({ ...chain, rules: chain.rules.flatMap(inEbtables) }));

const CLOSED = {
  "as it is": "",
  "nothing else by frames": "<rule action='drop' direction='inout' priority='1000'/>",
  "nothing else by packets":
    "<rule action='drop' direction='inout' priority='1000'><all/></rule><rule action='drop' direction='inout' priority='1000'><all-ipv6/></rule>",
};

interface Outcome {
  readonly accepted: number;
  readonly dropped: number;
  readonly wrong: readonly string[];
}

const describe = ({ way, packet }: Probe, expected: boolean): string =>
  `${way} ${expected ? "was stopped" : "came through"}: ${JSON.stringify(packet)}`;

async function run(): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), "vireo-packets-"));
  const world = await openWorld();
  const paths = pathsOf(root);
  await makeDirectories(paths);
  const pid = String(world.pid);
  await makeBridge(pid);
  if (backend === "iptables") {
    await sh(`ipset create ${SET} hash:ip`);
    for (const address of SET_ADDRESSES) await sh(`ipset add ${SET} ${address}`);
    writeFileSync("/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal", "1");
    writeFileSync("/proc/sys/net/netfilter/nf_conntrack_checksum", "0");
  }
  const sender = openSender(pid);
  const { driver, filters } = await startNwFilterDriver(
    paths,
    new DaemonLog("warn").logger,
    backend,
  );
  const role = driver.roles.nwfilter as Required<Role<"nwfilter">>; // the driver has every handler
  let number = 1;

  const tryVariant = async (
    one: FilterCase,
    filter: NwFilter,
    closing: string,
  ): Promise<Outcome> => {
    const closedXml = `<filter name='closed'><uuid>${owner.uuid}</uuid><filterref filter='${filter.name}'/>${closing}</filter>`;
    const closed = parseNwFilter(closedXml, () => "c");
    const find = (name: string): NwFilter => (name === "closed" ? closed : filter);
    const variables = new Map(Object.entries(one.variables ?? {}));
    const chains = expandFilter("closed", variables, { find, learned: new Set() });
    const own = expandFilter(filter.name, variables, { find, learned: new Set() });
    const probes = packetsOf(own.flatMap(({ rules }) => rules));
    const judging = {
      connections: new Connections(),
      sets: new Map([[SET, new Set(SET_ADDRESSES)]]),
    };
    const compared = asCompared(chains);
    const wants = probes.map(({ way, packet }) => passes(compared, packet, { way, judging }));
    await role.define({ xml: closedXml }, call);
    const parameters = [...variables].flatMap(([name, values]) =>
      values.map((value) => ({ name, value })),
    );
    await filters.bind({
      dev: "vnet0",
      mac: MAC,
      owner,
      filterRef: { filter: "closed", parameters },
    });
    const first = number;
    number += probes.length;
    const frames = probes.map(
      ({ way, packet }, index) =>
        [way === "out" ? "eth0" : "eth1", frameOf(packet, first + index).toString("hex")] as const,
    );
    await forgetConnections();
    const seen = await sender.send(frames);
    await filters.unbind("vnet0", owner.uuid);
    const wrong = probes.flatMap((probe, index) => {
      const expected = wants[index] === true;
      return seen.has(first + index) === expected ? [] : [describe(probe, expected)];
    });
    const accepted = wants.filter(Boolean).length;
    return { accepted, dropped: wants.length - accepted, wrong };
  };

  const failures: string[] = [];
  let [tried, packets, stopped] = [0, 0, 0];
  try {
    const cases: readonly FilterCase[] = readManifest(corpus, "nwfilter-firewall");
    for (const one of cases) {
      if (only !== undefined && one.id !== only) continue;
      const { xml, left } = adapted(
        readFileSync(join(corpus, "nwfilter-firewall", one.input), "utf8"),
      );
      const filter = parseNwFilter(xml, () => "f");
      if ((filter.rules ?? []).length === 0) {
        console.log(`${one.id.padEnd(18)} not here: ${left.join(", ")}`);
        continue;
      }
      tried += 1;
      await role.define({ xml }, call);
      const results: string[] = [];
      for (const [name, closing] of Object.entries(CLOSED)) {
        const { accepted, dropped, wrong } = await tryVariant(one, filter, closing);
        packets += accepted + dropped;
        stopped += dropped;
        results.push(`${name}: ${accepted} pass, ${dropped} stopped`);
        for (const text of wrong) failures.push(`${one.id}, ${name}: ${text}`);
        if (wrong.length > 0) results.push(`${wrong.length} WRONG`);
      }
      await role.undefine({ nwfilter: { name: "closed" } }, call);
      await role.undefine({ nwfilter: { name: filter.name } }, call);
      console.log(
        `${one.id.padEnd(18)} ${results.join("; ")}${left.length > 0 ? ` (not here: ${left.join(", ")})` : ""}`,
      );
    }
    console.log(
      `${backend}: ${tried} of ${cases.length} cases, ${packets} packets (${stopped} to be stopped), ${failures.length} wrong`,
    );
  } finally {
    sender.end();
    world.kill("SIGKILL");
    await driver.close();
    rmSync(root, { recursive: true, force: true });
  }
  return failures;
}

const failures = await run();
for (const failure of failures.slice(0, 40)) console.log(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
