/** Leases of networks, in the files that libnss-libvirt reads. */
import { testInOwnNetwork } from "../guest/own-network.ts";

testInOwnNetwork(
  "networks: libnss's files tell who has which address",
  "../network/lease-files.scenario.ts",
);
