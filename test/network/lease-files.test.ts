/** Leases of networks, in the files that libnss-libvirt reads. */
import { testInOwnNetwork } from "../guest/own-network.ts";

const LIMIT_MS = 200_000;

testInOwnNetwork(
  "networks: libnss's files tell who has which address",
  "../network/lease-files.scenario.ts",
  LIMIT_MS,
);
