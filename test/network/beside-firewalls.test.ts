/** Networks beside Docker's and ufw's rules, with both firewalls of the host. */
import { testInOwnNetwork } from "../guest/own-network.ts";

const LIMIT_MS = 200_000;

testInOwnNetwork(
  "networks: beside Docker and ufw guests have leases, names and the world outside",
  "../network/beside-firewalls.scenario.ts",
  LIMIT_MS,
);
