/** A guest without a machine: a network namespace at the end of a cable, with busybox for its programs. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { run } from "../harness/run.ts";

const CARD = "eth0";
const LEASE_SCRIPT = join(import.meta.dirname, "lease-client.sh");
/** Of each of udhcpc's five questions. */
const ASK_S = "1";

export class CableGuest {
  readonly #holder: ChildProcess;
  readonly #port: string;

  private constructor(holder: ChildProcess, port: string) {
    this.#holder = holder;
    this.#port = port;
  }

  /** @param port the cable's end on the host */
  static async made(port: string, mac: string): Promise<CableGuest> {
    const holder = spawn("unshare", ["-n", "sh", "-c", "ip link set lo up; echo up; exec cat"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    const guest = new CableGuest(holder, port);
    const peer = ["peer", "name", CARD, "address", mac, "netns", String(holder.pid)];
    await guest.#host("link", "add", port, "type", "veth", ...peer);
    await guest.#host("link", "set", port, "up");
    await guest.says("ip", "link", "set", CARD, "up");
    return guest;
  }

  async #host(...words: readonly string[]): Promise<void> {
    const { status, stderr } = await run("ip", words);
    if (status !== 0) throw new Error(`ip ${words.join(" ")}: ${stderr}`);
  }

  join(bridge: string): Promise<void> {
    return this.#host("link", "set", this.#port, "master", bridge);
  }

  /** What a program of the guest's prints, and whether it was content. */
  says(...words: readonly string[]): ReturnType<typeof run> {
    return run("nsenter", ["-t", String(this.#holder.pid), "-n", ...words]);
  }

  async can(...words: readonly string[]): Promise<boolean> {
    return (await this.says(...words)).status === 0;
  }

  /** Asks for an address by DHCP and takes it. @param name which it says that it has */
  lease(name?: string): Promise<boolean> {
    const once = ["-n", "-q", "-f", "-t", "5", "-T", ASK_S];
    const named = name === undefined ? [] : ["-x", `hostname:${name}`];
    return this.can("busybox", "udhcpc", "-i", CARD, ...once, ...named, "-s", LEASE_SCRIPT);
  }

  close(): void {
    this.#holder.kill("SIGKILL");
  }
}
