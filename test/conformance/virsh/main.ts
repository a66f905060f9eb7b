/**
 * Asks the real virsh of vireod and of a real libvirtd the same, on the same guests, and compares.
 *
 *     npm run conformance:virsh -- [--scene WORDS] [--command NAME] [--failures] [--json FILE]
 *
 * Each daemon has a network of its own: bridges and interfaces that one makes are no trouble for the other, nor for
 * the host.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { inOwnNetwork } from "@vireo/daemon/driver/own-network";

// An /etc/network of its own as well: interfaces are defined there. What lies there on this machine is no subject.
const argv = inOwnNetwork(join(import.meta.dirname, "virsh.scenario.ts"), {
  args: process.argv.slice(2),
  prepare: "mkdir -p /etc/network && mount -t tmpfs none /etc/network",
});
process.exitCode = spawnSync("unshare", argv, { stdio: "inherit" }).status ?? 2;
