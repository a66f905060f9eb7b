/** One network that the daemon knows. */
import { virError } from "@vireo/model/error";
import type { AllocatedPort } from "@vireo/model/network/allocate-port";
import type { Network } from "@vireo/model/network/network";
import type { NetworkIdentity, NetworkSummary } from "@vireo/model/operation/network";

export class VirtualNetwork {
  config: Network | undefined;
  /** As it was started, while it is active. */
  live: Network | undefined;
  autostart = false;
  /** Places that guests have in it, by UUID. */
  readonly ports = new Map<string, AllocatedPort>();
  /** Something is being done to it: the next one waits. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(definitions: { config?: Network | undefined; live?: Network | undefined }) {
    this.config = definitions.config;
    this.live = definitions.live;
  }

  get definition(): Network {
    const definition = this.live ?? this.config;
    if (definition === undefined) throw virError("internalError", "network without a definition");
    return definition;
  }

  get identity(): NetworkIdentity {
    const { name, uuid } = this.definition;
    return { name, uuid };
  }

  get summary(): NetworkSummary {
    return {
      ...this.identity,
      active: this.live !== undefined,
      persistent: this.config !== undefined,
      autostart: this.autostart,
      bridge: this.definition.bridge?.name,
    };
  }

  /** @throws VireoError `operationInvalid` */
  active(): Network {
    if (this.live === undefined)
      throw virError("operationInvalid", `network '${this.identity.name}' is not active`);
    return this.live;
  }

  /** Does `work` after everything asked before. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
