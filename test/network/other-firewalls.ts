/** Rules of iptables as Docker and ufw leave them on a host. */
import { execFileSync } from "node:child_process";

/** dockerd's, with `docker0`. */
const DOCKER = `*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
COMMIT
*filter
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
`;

/** ufw's after `ufw enable` and `ufw allow ssh`, without what only writes logs. */
const ufw = (prefix: "ufw" | "ufw6"): string => `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:${prefix}-before-input - [0:0]
:${prefix}-user-input - [0:0]
:${prefix}-not-local - [0:0]
:${prefix}-before-forward - [0:0]
:${prefix}-after-input - [0:0]
-A INPUT -j ${prefix}-before-input
-A INPUT -j ${prefix}-after-input
-A FORWARD -j ${prefix}-before-forward
-A ${prefix}-before-input -i lo -j ACCEPT
-A ${prefix}-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ${prefix}-before-input -m conntrack --ctstate INVALID -j DROP
-A ${prefix}-before-input -j ${prefix}-not-local
-A ${prefix}-before-input -j ${prefix}-user-input
-A ${prefix}-not-local -m addrtype --dst-type LOCAL -j RETURN
-A ${prefix}-not-local -m addrtype --dst-type MULTICAST -j RETURN
-A ${prefix}-not-local -j DROP
-A ${prefix}-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ${prefix}-user-input -p tcp -m tcp --dport 22 -j ACCEPT
-A ${prefix}-after-input -j DROP
COMMIT
`;

const restore = (tool: "iptables" | "ip6tables", rules: string): void => {
  execFileSync(`${tool}-restore`, ["--noflush"], { input: rules });
};

export const OTHER_FIREWALLS = {
  Docker: () => restore("iptables", DOCKER),
  ufw: () => {
    restore("iptables", ufw("ufw"));
    restore("ip6tables", ufw("ufw6"));
  },
} as const satisfies Readonly<Record<string, () => void>>;

/** Everything in iptables and ip6tables, without counters, comments and tables that are as if they were not there. */
export function otherRules(): string {
  const texts = ["iptables-save", "ip6tables-save"].map((tool) =>
    execFileSync(tool, { encoding: "utf8" }),
  );
  const tables = texts.flatMap((text) => text.split(/^(?=\*)/m));
  return tables
    .map((table) => table.replaceAll(/^#.*\n/gm, "").replaceAll(/\[\d+:\d+\]/g, ""))
    .filter((table) => /^-A|^:\S+ DROP|^:\S+ -/m.test(table))
    .join("");
}

/** Somebody takes all of it away; the policies go back to what a kernel begins with. */
export function clearIptables(): void {
  for (const tool of ["iptables", "ip6tables"]) {
    for (const chain of ["INPUT", "FORWARD", "OUTPUT"]) execFileSync(tool, ["-P", chain, "ACCEPT"]);
    for (const table of ["filter", "nat"]) {
      execFileSync(tool, ["-t", table, "-F"]);
      execFileSync(tool, ["-t", table, "-X"]);
    }
  }
}
