/** Ports on disk: `run/network/ports/NETWORK/UUID.xml`; they mean nothing after the host went down. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AllocatedPort } from "@vireo/model/network/allocate-port";
import { formatNetworkPort, parseNetworkPort } from "@vireo/model/network/network-port";
import {
  listDirectory,
  readTextIfThere,
  removeIfThere,
  writeFileAtomically,
} from "../../host/file.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

const SUFFIX = ".xml";

export class PortStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  #of(network: string): string {
    return join(this.#directory, network);
  }

  /** @throws VireoError `systemError` */
  async save(network: string, port: AllocatedPort): Promise<void> {
    await mkdir(this.#of(network), { recursive: true, mode: 0o700 });
    const path = join(this.#of(network), `${port.uuid}${SUFFIX}`);
    await writeFileAtomically(path, formatNetworkPort(port), { durable: false });
  }

  remove(network: string, uuid: string): Promise<void> {
    return removeIfThere(join(this.#of(network), `${uuid}${SUFFIX}`));
  }

  removeAll(network: string): Promise<void> {
    return rm(this.#of(network), { recursive: true, force: true });
  }

  /** Fills in the network's ports; what cannot be read is reported and left out. */
  async load(
    { identity: { name }, ports }: VirtualNetwork,
    report: (path: string, error: unknown) => void,
  ): Promise<void> {
    await mkdir(this.#of(name), { recursive: true, mode: 0o700 });
    for (const file of await listDirectory(this.#of(name))) {
      const path = join(this.#of(name), file);
      try {
        const { uuid, plug, ...rest } = parseNetworkPort((await readTextIfThere(path)) ?? "");
        if (uuid !== undefined && plug !== undefined) ports.set(uuid, { ...rest, uuid, plug });
      } catch (error) {
        report(path, error);
      }
    }
  }
}
