/** Between what is known of an active domain and its status file. */
import { virError } from "@vireo/model/error";
import { formatCpu, parseCpu } from "@vireo/model/cpu/cpu-description";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { isResolved } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DomainStatus } from "../../state/domain-status.ts";
import type { DomainView, LiveDomain } from "./domain-view.ts";

/** The running configuration as a later daemon can read it again, by configuration. */
const written = new WeakMap<ResolvedDomain, string>();

function xmlOf(config: ResolvedDomain): string {
  const known = written.get(config);
  if (known !== undefined) return known;
  const xml = formatDomain(config, { live: true, secure: true });
  written.set(config, xml);
  return xml;
}

/** `undefined` for a domain that is not active. */
export function statusOf(view: DomainView, bootId: string): DomainStatus | undefined {
  const { live, name, uuid, state, persistent } = view;
  if (live === undefined) return undefined;
  const { id, process, monitorPath, taints, companions, config } = live;
  const { askedCpu, blockJobs = [], lastNode = 0, agentTimeoutS } = live;
  const about = { name, uuid, id, state, persistent, process, bootId, monitorPath };
  return {
    ...about,
    taints,
    companions,
    blockJobs,
    lastNode,
    agentTimeoutS,
    ...(askedCpu && { askedCpuXml: formatCpu(askedCpu) }),
    domainXml: xmlOf(config),
  };
}

/** @throws VireoError when the configuration in it is not complete */
export function liveOf(status: DomainStatus): LiveDomain {
  const { id, process, monitorPath, taints, companions, blockJobs, lastNode, agentTimeoutS } =
    status;
  const { domain } = parseDomain(status.domainXml, { live: true });
  if (!isResolved(domain))
    throw virError("internalError", `the status of domain '${status.name}' is not complete`);
  const about = {
    id,
    config: domain,
    ...(status.askedCpuXml !== undefined && {
      askedCpu: parseCpu(status.askedCpuXml, "auto"),
    }),
    process,
    monitorPath,
    taints,
    companions,
    vcpuThreads: [],
    ioThreads: [],
  };
  return { ...about, blockJobs, lastNode, agentTimeoutS };
}
