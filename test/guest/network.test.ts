import { testInOwnNetwork } from "./own-network.ts";

/** Of one cycle, under load; `VIREO_NETWORK_CYCLES` says how many there are. */
const CYCLE_MS = 5000;
const GUESTS_MS = 110_000;
/** Both firewalls, one after the other. */
const WHY_MS = 180_000;
const BANDWIDTH_MS = 180_000;
const CYCLES_MS = Math.max(60_000, Number(process.env["VIREO_NETWORK_CYCLES"] ?? 0) * CYCLE_MS);

testInOwnNetwork("network: two guests behind NAT", "network-guests.scenario.ts", GUESTS_MS);
testInOwnNetwork(
  "network: cycles of networks and guests leave nothing behind",
  "network-cycles.scenario.ts",
  CYCLES_MS,
);
for (const backend of ["nftables", "iptables"])
  testInOwnNetwork(
    `network: with clean-traffic in ${backend} a guest is itself or nobody`,
    "filter-guests.scenario.ts",
    GUESTS_MS,
    [backend],
  );
testInOwnNetwork(
  "network: guests get the bandwidth that they, their group and their network have",
  "bandwidth.scenario.ts",
  BANDWIDTH_MS,
);
testInOwnNetwork("network hooks: told from start to end", "network-hooks.scenario.ts");
testInOwnNetwork("net why: each kind of failure is named", "packet-path.scenario.ts", WHY_MS);
