/** Network cards beside libvirtd's: in a network namespace of its own. */
import { testInOwnNetwork } from "../guest/own-network.ts";

/** Twenty seconds on a quiet host; libvirtd takes its time for each guest on a busy one. */
const LIMIT_MS = 240_000;

testInOwnNetwork(
  "network cards are told as libvirt tells them",
  "../client/nic-same.scenario.ts",
  LIMIT_MS,
);
