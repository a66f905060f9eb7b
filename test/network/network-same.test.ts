/** Networks by the same commands, from the real libvirtd and from vireod: the same answers. */
import { testInOwnNetwork } from "../guest/own-network.ts";

const LIMIT_MS = 200_000;

testInOwnNetwork("networks: as libvirtd", "../network/network-same.scenario.ts", LIMIT_MS);
