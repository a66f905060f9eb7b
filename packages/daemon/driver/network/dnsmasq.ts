/** The network's DHCP and DNS server: a dnsmasq of its own, which outlives the daemon. */
import { hostProgram } from "./host-program.ts";
import { faultPoint } from "../../host/fault-point.ts";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { dnsmasqFiles } from "@vireo/model/network/dnsmasq-config";
import type { Network } from "@vireo/model/network/network";
import { readTextIfThere, removeIfThere, writeFileAtomically } from "../../host/file.ts";
import type { Paths } from "../../host/paths.ts";
import {
  commandLineOf,
  processIdentity,
  type ProcessIdentity,
  signalProcess,
  waitForExit,
} from "../../host/process.ts";

const STOP_MS = 3000;
/** dnsmasq reads its lists after it has given up root. */
const READABLE = { mode: 0o644, durable: false };

/** Whether the network has DHCP or DNS at all. */
export const wantsServer = ({ ips = [], dns }: Network): boolean =>
  ips.length > 0 && (dns?.enable !== false || ips.some(({ dhcp }) => dhcp));

export class Dnsmasq {
  readonly #directory: string;
  readonly #run: string;

  constructor({ lib, run }: Pick<Paths, "lib" | "run">) {
    this.#directory = join(lib, "dnsmasq");
    this.#run = join(run, "network");
  }

  #file(name: string, suffix: string): string {
    return join(this.#directory, `${name}.${suffix}`);
  }

  leaseFile(name: string): string {
    return this.#file(name, "leases");
  }

  #pidFile(name: string): string {
    return join(this.#run, `${name}.pid`);
  }

  /** Writes its files and starts it; it answers when this resolves. @throws VireoError */
  async start(network: Network): Promise<void> {
    const { name } = network;
    if (!wantsServer(network)) return;
    await mkdir(this.#directory, { recursive: true, mode: 0o755 });
    const context = { directory: this.#directory, pidFile: this.#pidFile(name) };
    const { conf, hostsFile, addnHosts } = dnsmasqFiles(network, context);
    await writeFileAtomically(this.#file(name, "conf"), conf, READABLE);
    await writeFileAtomically(this.#file(name, "hostsfile"), hostsFile, READABLE);
    await writeFileAtomically(this.#file(name, "addnhosts"), addnHosts, READABLE);
    await hostProgram("dnsmasq", [
      `--conf-file=${this.#file(name, "conf")}`,
      `--dhcp-leasefile=${this.leaseFile(name)}`,
    ]);
  }

  /** The running one, proven by its command line: a pid alone may be somebody else's by now. */
  async running(name: string): Promise<ProcessIdentity | undefined> {
    const text = await readTextIfThere(this.#pidFile(name));
    const identity = text === undefined ? undefined : processIdentity(Number.parseInt(text, 10));
    if (identity === undefined) return undefined;
    const command = await commandLineOf(identity.pid);
    return command.includes(`--conf-file=${this.#file(name, "conf")}`) ? identity : undefined;
  }

  async stop(name: string): Promise<void> {
    const identity = await this.running(name);
    if (identity !== undefined) {
      faultPoint("before ending dnsmasq");
      signalProcess(identity, "SIGTERM");
      if (!(await waitForExit(identity, STOP_MS))) signalProcess(identity, "SIGKILL");
      await waitForExit(identity, STOP_MS);
      faultPoint("after ending dnsmasq");
    }
    await removeIfThere(this.#pidFile(name));
  }

  /** Its files too; leases mean nothing without the network. */
  async forget(name: string): Promise<void> {
    await this.stop(name);
    for (const suffix of ["conf", "hostsfile", "addnhosts", "leases"])
      await removeIfThere(this.#file(name, suffix));
  }
}
