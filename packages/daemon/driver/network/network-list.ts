/** The networks of the host, and what all work on them needs. */
import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { virError } from "@vireo/model/error";
import { macFromRandom } from "@vireo/model/mac";
import type { Network } from "@vireo/model/network/network";
import { hasOwnBridge } from "@vireo/model/network/parse-network";
import type { NetworkEvent } from "@vireo/model/network-event";
import type { NetworkRef } from "@vireo/model/operation/network";
import type { JobJournal } from "../../state/job-journal.ts";
import type { EventBus } from "../../event/event-bus.ts";
import { linkExists } from "./bridge.ts";
import type { Dnsmasq } from "./dnsmasq.ts";
import type { LeaseFiles } from "./lease-files.ts";
import type { LinkLimits } from "./link-limits.ts";
import type { NetworkBackend } from "./network-backend.ts";
import type { NetworkStore } from "./network-store.ts";
import type { PortStore } from "./port-store.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

export interface NetworkTools {
  readonly store: NetworkStore;
  readonly ports: PortStore;
  readonly journal: JobJournal;
  readonly leaseFiles: LeaseFiles;
  readonly dnsmasq: Dnsmasq;
  readonly limits: LinkLimits;
  readonly firewall: NetworkBackend;
  readonly events: EventBus<NetworkEvent>;
  readonly log: Logger;
  /** Where the administrator's scripts are. */
  readonly hooks: string;
}

/** A bridge named so gets the first free number. */
const TEMPLATE = /^(?:virbr|vnet)?%d$|^virbr%d$/;
const BRIDGES = 256;

export class NetworkList {
  readonly tools: NetworkTools;
  readonly #networks = new Set<VirtualNetwork>();

  constructor(tools: NetworkTools) {
    this.tools = tools;
  }

  all(): readonly VirtualNetwork[] {
    return [...this.#networks].toSorted((a, b) => (a.identity.name < b.identity.name ? -1 : 1));
  }

  add(network: VirtualNetwork): void {
    this.#networks.add(network);
  }

  /** Forgets a network that is neither defined nor active. */
  drop(network: VirtualNetwork): void {
    this.#networks.delete(network);
  }

  /** @throws VireoError `noNetwork` */
  find(ref: NetworkRef): VirtualNetwork {
    const byName = "name" in ref;
    const found = this.all().find(({ identity }) =>
      byName ? identity.name === ref.name : identity.uuid === ref.uuid,
    );
    if (found !== undefined) return found;
    throw virError(
      "noNetwork",
      byName
        ? `no network with matching name '${ref.name}'`
        : `no network with matching uuid '${ref.uuid}'`,
    );
  }

  /**
   * The network that a new definition is about; undefined when it is a new one.
   * @throws VireoError `operationFailed` when name and UUID belong to different networks
   */
  same({ name, uuid }: Network): VirtualNetwork | undefined {
    const known = this.all().find(({ identity }) => identity.uuid === uuid);
    if (known !== undefined && known.identity.name !== name)
      throw virError(
        "operationFailed",
        `network '${known.identity.name}' is already defined with uuid ${uuid}`,
      );
    const named = this.all().find(({ identity }) => identity.name === name);
    if (named !== undefined && named.identity.uuid !== uuid)
      throw virError(
        "operationFailed",
        `network '${name}' already exists with uuid ${named.identity.uuid}`,
      );
    return known;
  }

  #bridgesOfOthers(uuid: string): ReadonlySet<string> {
    const others = this.all().filter(({ identity }) => identity.uuid !== uuid);
    const all = others.flatMap(({ live, config }) => [live?.bridge?.name, config?.bridge?.name]);
    return new Set(all.filter((name) => name !== undefined));
  }

  /**
   * Bridge name and MAC address, assigned where the definition has none.
   * @throws VireoError `internalError` when the bridge is another network's
   */
  completed(network: Network): Network {
    if (!hasOwnBridge(network)) return network;
    const taken = this.#bridgesOfOthers(network.uuid);
    const given = network.bridge?.name;
    if (given !== undefined && taken.has(given))
      throw virError("internalError", `bridge name '${given}' already in use.`);
    const name = given === undefined || TEMPLATE.test(given) ? freeBridge(taken) : given;
    const address = macFromRandom("52:54:00", randomBytes(3));
    return { ...network, bridge: { ...network.bridge, name }, mac: network.mac ?? { address } };
  }

  tell(network: VirtualNetwork, event: NetworkEvent["event"]): void {
    this.tools.events.publish({ network: network.identity, event });
  }
}

function freeBridge(taken: ReadonlySet<string>): string {
  for (let number = 0; number < BRIDGES; number += 1) {
    const name = `virbr${number}`;
    if (!taken.has(name) && !linkExists(name)) return name;
  }
  throw virError("internalError", `Bridge generation exceeded max id ${BRIDGES}`);
}
