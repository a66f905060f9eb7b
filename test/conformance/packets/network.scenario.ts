/**
 * Virtual networks in real packets, in a network namespace of its own:
 *
 *     network.scenario.ts CORPUS nftables|iptables open|closed [SCENE...]
 *
 * The real vireod makes the networks; guests, the world outside and the host send packets, and what
 * each must meet is told by the networks' definitions (network-verdict.ts), not by our rules.
 */
import { readFileSync } from "node:fs";
import { parseNetwork } from "../../../packages/model/network/parse-network.ts";
import { parseIp } from "../../../packages/model/network/ip-address.ts";
import { Vireod } from "../../harness/vireod.ts";
import { virshOk } from "../../harness/virsh.ts";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Question, questionsOf, type Setting } from "./network-questions.ts";
import { type Scene, scenesOf } from "./network-scenes.ts";
import { placesOf, type Site } from "./network-verdict.ts";
import { forgetConnections, sh } from "./bridge-lab.ts";
import { NetworkWorld, OUTSIDE, outsideEnd, type Sight } from "./network-world.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";
import { frameOf, type Ip } from "./packet.ts";

refuseHostNetwork();

const [corpus = "", wanted = "nftables", host = "open", ...only] = process.argv.slice(2);
const backend = wanted === "iptables" ? "iptables" : "nftables";
const policy = host === "closed" ? "closed" : "open";

const ETHERNET = 14;
const SYN_ACK = 18;

const macOf = (dev: string): string => readFileSync(`/sys/class/net/${dev}/address`, "utf8").trim();

/** A firewall like Docker's and ufw's: nothing passes but what somebody asked it for, bridged packets too. */
async function closeHost(): Promise<void> {
  for (const tool of ["iptables", "ip6tables"])
    for (const chain of ["INPUT", "FORWARD", "OUTPUT"]) await sh(`${tool} -w -P ${chain} DROP`);
}
const showBridged = async (shown: boolean): Promise<void> => {
  const value = shown ? "1" : "0";
  for (const name of ["iptables", "ip6tables"])
    writeFileSync(`/proc/sys/net/bridge/bridge-nf-call-${name}`, value);
};

/** Addresses and ports of a packet that came out. */
interface Seen {
  readonly src: string;
  readonly dst: string;
  readonly port: number;
}
const text6 = (bytes: Buffer): string =>
  Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16)).join(":");

function seenOf({ bytes }: Sight): Seen {
  const ip = bytes.subarray(ETHERNET);
  const six = (ip[0] ?? 0) >> 4 === 6;
  const [at, size, rest] = six ? [8, 16, 40] : [12, 4, 20];
  const text = (part: Buffer): string => (six ? text6(part) : part.join("."));
  const protocol = ip[six ? 6 : 9] ?? 0;
  return {
    src: text(ip.subarray(at, at + size)),
    dst: text(ip.subarray(at + size, at + 2 * size)),
    port: ip.readUInt16BE(protocol === 1 || protocol === 58 ? rest + 4 : rest),
  };
}

const inRange = (one: string, [first, last]: readonly [string, string]): boolean => {
  const [is, low, high] = [parseIp(one), parseIp(first), parseIp(last)];
  return (
    is !== undefined &&
    low !== undefined &&
    high !== undefined &&
    low.bits <= is.bits &&
    is.bits <= high.bits
  );
};

const UNREACHABLE: Readonly<Record<number, number>> = { 1: 3, 58: 1 };
/** Words of a router about a packet, with that packet in them. */
function isComplaint({ place, bytes }: Sight): boolean {
  if (place === "host") return false;
  const ip = bytes.subarray(ETHERNET);
  const six = (ip[0] ?? 0) >> 4 === 6;
  return ip[six ? 40 : 20] === UNREACHABLE[ip[six ? 6 : 9] ?? 0];
}

/** What is wrong with how it looks; undefined when nothing is. */
function wrongLook({ looks }: Question, sight: Sight): string | undefined {
  if (looks === undefined || sight.place === "host") return undefined;
  const { src, port } = seenOf(sight);
  if (!inRange(src, looks.sources)) return `came from ${src}`;
  const [low, high] = looks.ports ?? [0, 65_535];
  return port < low || port > high ? `came from port ${port}` : undefined;
}

const answering = ({ type, ...ip }: Ip, { src, dst, port }: Seen): Ip => {
  const reply = type === 8 ? 0 : type === 128 ? 129 : type;
  const isEcho = ip.protocol === 1 || ip.protocol === 58;
  const ports = isEcho ? { sport: port, dport: 0 } : { sport: ip.dport, dport: port };
  return { ...ip, src: dst, dst: src, type: reply, ...ports, tcpFlags: SYN_ACK };
};

type Courier = ReturnType<NetworkWorld["courier"]>;
let number = 1;

/** Sends packets, each with a number of its own; tells where each came out. */
async function sent(
  courier: Courier,
  packets: readonly (readonly [from: string, packet: Question["packet"]])[],
): Promise<readonly (readonly Sight[])[]> {
  const first = number;
  number += packets.length;
  const sights = await courier.send(
    packets.map(([from, packet], at) => {
      const frame = frameOf(packet, first + at);
      return [from, from.startsWith("host") ? frame.subarray(ETHERNET) : frame] as const;
    }),
  );
  const by = Map.groupBy(
    sights.filter((sight) => !isComplaint(sight)),
    (sight) => sight.number,
  );
  return packets.map((_, at) => by.get(first + at) ?? []);
}

interface Outcome {
  readonly question: Question;
  readonly sight: Sight | undefined;
}
/** Asks; what did not come through although it had to is asked once more, for a busy machine's sake. */
async function asked(
  courier: Courier,
  questions: readonly Question[],
): Promise<readonly Outcome[]> {
  const ask = async (some: readonly Question[]): Promise<readonly Outcome[]> => {
    const all = await sent(
      courier,
      some.map(({ from, packet }) => [from, packet]),
    );
    return some.map((question, at) => ({
      question,
      sight: all[at]?.find(({ place }) => place === question.to),
    }));
  };
  const outcomes = await ask(questions);
  const late = outcomes.filter(({ question, sight }) => question.passes && sight === undefined);
  const again = await ask(late.map(({ question }) => question));
  return outcomes.map((one) => again.find(({ question }) => question === one.question) ?? one);
}

/** Answers to all that came through where answers are asked for. */
async function answers(courier: Courier, outcomes: readonly Outcome[]): Promise<readonly string[]> {
  const begun = outcomes.flatMap(({ question, sight }) =>
    question.answered === undefined || question.way === undefined || sight === undefined
      ? []
      : [{ question, way: question.way, seen: seenOf(sight) }],
  );
  const replies = begun.map(
    ({ question: { to, packet }, way, seen }) =>
      [to, { ...packet, src: way.mac, dst: way.hop, ip: answering(packet.ip, seen) }] as const,
  );
  asks += replies.length;
  stops += begun.filter(({ question }) => question.answered === false).length;
  const all = await sent(courier, replies);
  return begun.flatMap(({ question }, at) => {
    const back = all[at]?.some(({ place }) => place === question.from) === true;
    return back === question.answered
      ? []
      : [`${question.text}: its answer ${back ? "came back" : "was stopped"}`];
  });
}

let [asks, stops] = [0, 0];

async function askAll(
  courier: Courier,
  sites: readonly Site[],
  setting: Setting,
): Promise<readonly string[]> {
  const questions = questionsOf(sites, setting);
  const outcomes = await asked(courier, questions);
  asks += questions.length;
  stops += questions.filter(({ passes }) => !passes).length;
  const wrong = outcomes.flatMap(({ question, sight }) => {
    if ((sight !== undefined) !== question.passes)
      return [`${question.text}: ${question.passes ? "was stopped" : "came through"}`];
    const look = sight === undefined ? undefined : wrongLook(question, sight);
    return look === undefined ? [] : [`${question.text}: ${look}`];
  });
  return [...wrong, ...(await answers(courier, outcomes))];
}

async function siteOf(world: NetworkWorld, xml: string, at: number): Promise<Site> {
  const { network } = parseNetwork(xml, () => "00000000-0000-4000-8000-000000000000");
  const bridge = network.bridge?.name ?? "";
  const places = placesOf(network);
  const [first, second] = ["a", "b"].map((letter, index) => ({
    name: `g${at}${letter}`,
    mac: `52:54:00:00:0${at}:0${index + 1}`,
  }));
  if (first === undefined || second === undefined) throw new Error("no guests");
  for (const [index, end] of [first, second].entries()) {
    await world.plug(end, bridge);
    await world.knows(
      bridge,
      end,
      places.map(({ guests }) => guests[index] ?? ""),
    );
  }
  return { network, bridge, bridgeMac: macOf(bridge), ends: [first, second], places };
}

async function tryScene(
  world: NetworkWorld,
  uri: string,
  scene: Scene,
): Promise<readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), "vireo-networks-"));
  const sites: Site[] = [];
  for (const [at, xml] of scene.definitions.entries()) {
    const file = join(directory, `${at}.xml`);
    writeFileSync(file, xml);
    await virshOk(uri, "net-create", file);
    sites.push(await siteOf(world, xml, at));
  }
  const ends = sites.flatMap((site) => site.ends);
  const courier = world.courier([...ends, ...OUTSIDE.map(({ dev }) => outsideEnd(dev))]);
  const wrong = await askAll(courier, sites, { policy, backend, macOf });
  courier.end();
  await forgetConnections();
  for (const { network } of sites) await virshOk(uri, "net-destroy", network.name);
  for (const end of ends) await world.unplug(end);
  return wrong;
}

const world = await NetworkWorld.made();
const vireod = new Vireod(undefined, ["--firewall-backend", backend]);
const failures: string[] = [];
try {
  await showBridged(policy === "closed");
  if (policy === "closed") await closeHost();
  await vireod.start();
  for (const scene of scenesOf(corpus)) {
    if (only.length > 0 && !only.includes(scene.id)) continue;
    const before = asks;
    const wrong = await tryScene(world, vireod.uri, scene);
    failures.push(...wrong.map((text) => `${scene.id}: ${text}`));
    const judged = wrong.length === 0 ? "" : `, ${wrong.length} WRONG`;
    console.log(`${scene.id.padEnd(20)} ${asks - before} questions${judged}`);
  }
  console.log(
    `${backend}, ${policy} host: ${asks} questions (${stops} to be stopped), ${failures.length} wrong`,
  );
} finally {
  await vireod.cleanUp();
  world.close();
}
for (const failure of failures.slice(0, 60)) console.log(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
