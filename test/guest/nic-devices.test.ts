import { testInOwnNetwork } from "./own-network.ts";

testInOwnNetwork(
  "network cards: their devices on the host, in a network namespace of its own",
  "nic-devices.scenario.ts",
);
