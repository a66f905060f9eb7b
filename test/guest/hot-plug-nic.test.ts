import { testInOwnNetwork } from "./own-network.ts";

testInOwnNetwork(
  "hot plug: a network card, in a network namespace of its own",
  "hot-plug-nic.scenario.ts",
);
