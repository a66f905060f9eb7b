/** Opens connections: which driver serves which URI. */
import { virError } from "@vireo/model/error";
import type { Caller, Driver } from "../driver/contract.ts";
import type { Audit } from "./audit.ts";
import { Connection } from "./connection.ts";
import { Meter } from "./meter.ts";

export interface Drivers {
  readonly qemu?: Driver;
  readonly test?: Driver;
  /** Serve beside QEMU's: storage, networks and so on. */
  readonly beside?: readonly Driver[];
  /** Serve beside every hypervisor's: who may come in. */
  readonly always?: readonly Driver[];
}

const noConnect = (uri: string) => virError("noConnect", uri, { from: 0 });

export class Api {
  readonly #drivers: Drivers;
  readonly #audit: Audit;
  /** What passes here, by lane. */
  readonly meter = new Meter();

  constructor(drivers: Drivers, audit: Audit) {
    this.#drivers = drivers;
    this.#audit = audit;
  }

  /**
   * `uri` as a client sends it, without transport and host; empty means the host's own hypervisor.
   * @throws VireoError `noConnect` when no driver knows the scheme
   */
  open(uri: string, caller: Caller): Connection {
    const { driver, name } = this.#route(uri);
    const { qemu, beside = [], always = [] } = this.#drivers;
    const drivers = [...(driver === qemu ? beside : []), ...always];
    return new Connection(name, [driver, ...drivers], {
      caller,
      audit: this.#audit,
      meter: this.meter,
    });
  }

  #route(uri: string): { driver: Driver; name: string } {
    const { qemu, test } = this.#drivers;
    const [, scheme, path = ""] = /^([a-z]+):\/\/[^/]*(\/.*)?$/.exec(uri) ?? [];
    if (uri === "" && qemu !== undefined) return { driver: qemu, name: "qemu:///system" };
    if (scheme === "qemu" && qemu !== undefined) {
      if (path === "/system") return { driver: qemu, name: uri };
      throw virError("internalError", `unexpected QEMU URI path '${path}', try qemu:///system`, {
        from: qemu.errorDomain,
      });
    }
    if (scheme === "test" && test !== undefined) {
      if (path === "/default") return { driver: test, name: uri };
      throw virError("invalidArg", `test driver has no connection '${path}', try test:///default`, {
        from: test.errorDomain,
      });
    }
    throw noConnect(uri);
  }
}
