/** Twenty running guests and one steady connection to the daemon that keeps them. */
import { readFileSync } from "node:fs";
import type { LibvirtConnection } from "@vireo/sdk/libvirt/connection";
import type { DomainReference } from "@vireo/sdk/libvirt/procedure";
import { emptyXml } from "../harness/domain-xml.ts";

/** Two at once: there are two cores. */
const AT_ONCE = 2;

/** Defines and starts `count` guests named herd-0, herd-1 ...; resolves when all run. */
export async function startHerd(
  connection: LibvirtConnection,
  count: number,
): Promise<readonly DomainReference[]> {
  const domains: DomainReference[] = [];
  const names = Array.from({ length: count }, (_, index) => `herd-${index}`);
  const startNext = async (): Promise<void> => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      const { dom } = await connection.call("domainDefineXml", { xml: emptyXml(name) });
      await connection.call("domainCreate", { dom });
      domains.push((await connection.call("domainLookupByName", { name })).dom);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, startNext));
  return domains.toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

/** The process of a domain: QEMU says its UUID and name on its command line. */
export function pidOf(pids: readonly number[], domain: DomainReference): number {
  const found = pids.filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(domain.uuid),
  );
  const [pid] = found;
  if (pid === undefined || found.length > 1)
    throw new Error(`${domain.name}: expected one QEMU with its UUID, found ${found.length}`);
  return pid;
}

/** How long a promise takes, whether it is kept or not. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work().catch(() => undefined);
  return performance.now() - start;
}

/** @param share 0.99 for the value that 99 of 100 do not exceed */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
