import { testInOwnNetwork } from "./own-network.ts";

testInOwnNetwork(
  "network cards: passt, in a network namespace of its own",
  "nic-passt.scenario.ts",
);
