import { testInOwnNetwork } from "./own-network.ts";

testInOwnNetwork("addresses: from leases and from the neighbours", "addresses.scenario.ts");
