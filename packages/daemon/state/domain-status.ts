/**
 * The live status of an active domain, as a file: what a new daemon must know to find the guest
 * again. It means nothing after the host has rebooted.
 */
import { escapeXml } from "@vireo/model/xml/escape-xml";
import { parseXml } from "@vireo/model/xml/parse-xml";
import type { XmlElement } from "@vireo/model/xml/tree";
import { virError } from "@vireo/model/error";
import { DOMAIN_STATES, type DomainState } from "@vireo/model/operation/domain-value";
import { formatBlockJob, parseBlockJob, type BlockJob } from "./block-job-status.ts";
import type { ProcessIdentity } from "../host/process.ts";

export interface DomainStatus {
  readonly name: string;
  readonly uuid: string;
  readonly id: number;
  readonly state: DomainState;
  /** Whether a definition remains when the domain stops. */
  readonly persistent: boolean;
  readonly process: ProcessIdentity;
  /** Boot of the host during which the process was started. */
  readonly bootId: string;
  readonly monitorPath: string;
  /** Why nobody supports this guest, in libvirt's words such as `custom-argv`. */
  readonly taints: readonly string[];
  /** Programs that serve this guest only and end with it, such as swtpm. */
  readonly companions: readonly (ProcessIdentity & { readonly name: string })[];
  readonly blockJobs: readonly BlockJob[];
  /** The highest number that a block node ever had. */
  readonly lastNode: number;
  /** Seconds that the guest agent may take, when somebody asked for that. */
  readonly agentTimeoutS?: number | undefined;
  /** `<cpu>` as it was asked for, when QEMU made another of it. */
  readonly askedCpuXml?: string | undefined;
  /** The running configuration, secrets included. */
  readonly domainXml: string;
}

const attribute = (name: string, value: string | number): string =>
  ` ${name}='${escapeXml(String(value))}'`;

const processAttributes = ({ pid, startTime }: ProcessIdentity): string =>
  attribute("pid", pid) + attribute("startTime", startTime);

export function formatStatus(status: DomainStatus): string {
  const head =
    attribute("name", status.name) +
    attribute("uuid", status.uuid) +
    attribute("id", status.id) +
    attribute("state", status.state.state) +
    attribute("reason", status.state.reason) +
    attribute("persistent", status.persistent ? "yes" : "no") +
    attribute("boot", status.bootId);
  const lines = [
    `<process${processAttributes(status.process)}/>`,
    `<monitor${attribute("path", status.monitorPath)}/>`,
    ...status.taints.map((flag) => `<taint${attribute("flag", flag)}/>`),
    ...(status.agentTimeoutS === undefined
      ? []
      : [`<agent${attribute("timeout", status.agentTimeoutS)}/>`]),
    ...status.companions.map(
      (one) => `<companion${attribute("name", one.name)}${processAttributes(one)}/>`,
    ),
    `<blocknodes${attribute("last", status.lastNode)}/>`,
    ...status.blockJobs.map(formatBlockJob),
    ...(status.askedCpuXml === undefined ? [] : [`<asked>${status.askedCpuXml.trimEnd()}</asked>`]),
  ];
  return `<domstatus${head}>\n  ${lines.join("\n  ")}\n${status.domainXml.trimEnd()}\n</domstatus>\n`;
}

const damaged = (what: string): never => {
  throw virError("parseFailed", undefined, { message: `Damaged domain status: ${what}` });
};

const read = (element: XmlElement, name: string): string =>
  element.attributes.get(name) ?? damaged(`no ${name} in <${element.name}>`);

function number(element: XmlElement, name: string): number {
  const text = read(element, name);
  return /^\d{1,15}$/.test(text) ? Number(text) : damaged(`${name}='${text}' is no number`);
}

const only = (root: XmlElement, name: string): XmlElement =>
  root.children.find((child) => child.name === name) ?? damaged(`no <${name}>`);

const all = (root: XmlElement, name: string): readonly XmlElement[] =>
  root.children.filter((child) => child.name === name);

/** One that cannot be read is not worth losing a guest for. */
function agentTimeout(root: XmlElement): Pick<DomainStatus, "agentTimeoutS"> {
  const [agent] = all(root, "agent");
  const text = agent?.attributes.get("timeout") ?? "";
  return /^-?\d{1,10}$/.test(text) ? { agentTimeoutS: Number(text) } : {};
}

function askedCpu(root: XmlElement): Pick<DomainStatus, "askedCpuXml"> {
  const [asked] = all(root, "asked");
  const cpu = asked?.children[0];
  if (cpu === undefined) return {};
  const text = cpu.source.slice(cpu.start, cpu.source.indexOf("</asked>", cpu.start));
  return { askedCpuXml: `${text.trimEnd()}\n` };
}

const readProcess = (element: XmlElement): ProcessIdentity => ({
  pid: number(element, "pid"),
  startTime: number(element, "startTime"),
});

/**
 * Reads what `formatStatus` wrote.
 * @throws VireoError `parseFailed`, or XmlError, when the text is not whole
 */
export function parseStatus(text: string): DomainStatus {
  const root = parseXml(text);
  if (root.name !== "domstatus") damaged(`root element <${root.name}>`);
  const domain = only(root, "domain");
  const state = DOMAIN_STATES.find((one) => one === read(root, "state"));
  return {
    name: read(root, "name"),
    uuid: read(root, "uuid"),
    id: number(root, "id"),
    state: { state: state ?? damaged("unknown state"), reason: number(root, "reason") },
    persistent: read(root, "persistent") === "yes",
    process: readProcess(only(root, "process")),
    bootId: read(root, "boot"),
    monitorPath: read(only(root, "monitor"), "path"),
    taints: all(root, "taint").map((one) => read(one, "flag")),
    companions: all(root, "companion").map((one) => ({
      name: read(one, "name"),
      ...readProcess(one),
    })),
    blockJobs: all(root, "blockjob").flatMap(parseBlockJob),
    lastNode: Math.max(0, ...all(root, "blocknodes").map((one) => number(one, "last"))),
    ...agentTimeout(root),
    ...askedCpu(root),
    // the domain is the last child: it reaches to the end tag of the root
    domainXml: text.slice(domain.start, text.lastIndexOf("</domstatus>")),
  };
}
