/** Addresses of a guest's interfaces as the host knows them: leases of its networks, its own neighbours. */
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { execProgram } from "../../host/exec.ts";
import type { Networks } from "../contract.ts";
import type { GuestInterface } from "./agent-interfaces.ts";

type Nic = NonNullable<ResolvedDomain["devices"]["interfaces"]>[number];

const macOf = ({ mac }: Nic): string => mac?.address.toLowerCase() ?? "";
const NO_NAME = "";

/** An interface without a name on the host is told by libvirt only once it has an address. */
const told = (nic: Nic, addresses: GuestInterface["addresses"]): readonly GuestInterface[] =>
  addresses.length === 0 ? [] : [{ name: nic.target?.dev ?? NO_NAME, mac: macOf(nic), addresses }];

const nicsOf = ({ devices }: ResolvedDomain): readonly Nic[] => devices.interfaces ?? [];

/** From the leases of the virtual networks that the guest is plugged into. */
export async function leasedAddresses(
  config: ResolvedDomain,
  networks: Networks | undefined,
): Promise<readonly GuestInterface[]> {
  const each = nicsOf(config).map(async (nic) => {
    const network = nic.type === "network" ? nic.source?.network : undefined;
    if (network === undefined || networks === undefined) return [];
    const leases = await networks.leases(network, macOf(nic));
    return told(
      nic,
      leases.map(({ family, address, prefix }) => ({ family, address, prefix })),
    );
  });
  return (await Promise.all(each)).flat();
}

/** The guest's name as it told the networks. @throws VireoError `noHostname` */
export async function leasedHostname(
  config: ResolvedDomain,
  networks: Networks | undefined,
): Promise<string> {
  for (const nic of nicsOf(config)) {
    const network = nic.type === "network" ? nic.source?.network : undefined;
    if (network === undefined || networks === undefined) continue;
    const named = (await networks.leases(network, macOf(nic))).find(({ hostname }) => hostname);
    if (named?.hostname !== undefined) return named.hostname;
  }
  throw virError("noHostname", `no hostname found for domain ${config.name}`);
}

interface Neighbour {
  readonly dst: string;
  readonly lladdr: string;
}
const isNeighbour = (value: unknown): value is Neighbour =>
  typeof value === "object" &&
  value !== null &&
  "dst" in value &&
  typeof value.dst === "string" &&
  "lladdr" in value &&
  typeof value.lladdr === "string";

/** Addresses that the host itself has talked to; their network's size is not known then. */
export async function neighbourAddresses(
  config: ResolvedDomain,
): Promise<readonly GuestInterface[]> {
  const { stdout } = await execProgram("ip", ["-j", "neigh"]);
  const parsed: unknown = JSON.parse(stdout.trim() === "" ? "[]" : stdout);
  const all = Array.isArray(parsed) ? parsed.filter(isNeighbour) : [];
  return nicsOf(config).flatMap((nic) => {
    const known = all.filter(({ lladdr }) => lladdr.toLowerCase() === macOf(nic));
    return told(
      nic,
      known.map(({ dst }) => ({
        family: dst.includes(":") ? "ipv6" : "ipv4",
        address: dst,
        prefix: 0,
      })),
    );
  });
}
