/** A bridge with two ports in a network namespace of its own, and somebody at their other ends who sends frames. */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execProgram } from "../../../packages/daemon/host/exec.ts";

/** One command line without quotes. @throws VireoError when it fails */
export const sh = async (line: string): Promise<void> => {
  const [program = "", ...args] = line.split(" ");
  await execProgram(program, args);
};

/** A namespace in which nothing looks at packets but the sender; it lives as long as its process. */
export async function openWorld(): Promise<ChildProcess> {
  const child = spawn("unshare", ["-n", "sh", "-c", "echo up; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child;
}

/** `br0` with `vnet0` and `vnet1`, whose other ends `eth0` and `eth1` are in the world: nothing there or on the bridge speaks. */
export async function makeBridge(world: string): Promise<void> {
  const bridge = "type bridge stp_state 0 mcast_snooping 0 forward_delay 0";
  await sh(`ip link add br0 ${bridge}`);
  for (const [port, end] of [
    ["vnet0", "eth0"],
    ["vnet1", "eth1"],
  ] as const) {
    await sh(`ip link add ${port} type veth peer name ${end}`);
    await sh(`ip link set ${end} netns ${world}`);
    await sh(`ip link set ${port} master br0`);
    writeFileSync(`/proc/sys/net/ipv6/conf/${port}/disable_ipv6`, "1");
    await sh(`bridge link set dev ${port} learning off`);
    await sh(`nsenter -t ${world} -n sysctl -qw net.ipv6.conf.${end}.disable_ipv6=1`);
    await sh(`nsenter -t ${world} -n ip link set ${end} arp off promisc on up`);
    await sh(`ip link set ${port} up`);
  }
  writeFileSync("/proc/sys/net/ipv6/conf/br0/disable_ipv6", "1");
  await sh("ip link set br0 up");
}

export interface Sender {
  /** Frames with the end that sends them; answers with the numbers of those that arrived. */
  readonly send: (
    frames: readonly (readonly [end: string, hex: string])[],
  ) => Promise<ReadonlySet<number>>;
  readonly end: () => void;
}

/** Sends frames and tells which arrived. */
export function openSender(world: string): Sender {
  const script = join(import.meta.dirname, "frames.py");
  const child = spawn("nsenter", ["-t", world, "-n", "python3", script, "eth0", "eth1"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    send: async (frames) => {
      child.stdin.write(`${JSON.stringify(frames)}\n`);
      const { value } = await lines.next();
      return new Set(JSON.parse(String(value)) as number[]);
    },
    end: () => child.stdin.end(),
  };
}

/** Makes the kernel forget every connection. */
export const forgetConnections = (): Promise<void> =>
  sh(`python3 ${join(import.meta.dirname, "forget_connections.py")}`);
