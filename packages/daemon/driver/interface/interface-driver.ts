/**
 * The driver of the host's own interfaces. What is there is read from the kernel; what is defined stands in the files
 * of whoever sets the host's interfaces up: ifupdown, NetworkManager or systemd-networkd, which does what is to be
 * done. A change that was begun and neither kept nor taken back before the host starts again is taken back.
 */
import type { Logger } from "pino";
import { explainError, virError } from "@vireo/model/error";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import type { Paths } from "../../host/paths.ts";
import { schemaObjection } from "../../host/xml-schema.ts";
import type { Driver, Role } from "../contract.ts";
import type { InterfaceRoots } from "./host-keepers.ts";
import { HostInterfaces } from "./host-interfaces.ts";

const hostRoots = ({ run }: Paths): InterfaceRoots => ({ host: "", net: "/sys/class/net", run });

const roleOf = (host: HostInterfaces): Role<"hostInterface"> => ({
  list: () => host.list(),
  lookup: ({ interface: ref }) => host.find(ref),
  xml: ({ interface: ref, inactive }) => host.xml(ref, inactive === true),
  define: async ({ xml, validate }) => {
    const objection = validate === true ? await schemaObjection(xml, "interface") : undefined;
    if (objection !== undefined) throw virError("xmlInvalidSchema", objection);
    return host.inTurn(() => host.define(xml));
  },
  undefine: ({ interface: ref }) => host.inTurn(() => host.undefine(ref)),
  start: ({ interface: ref }) => host.inTurn(() => host.start(ref)),
  destroy: ({ interface: ref }) => host.inTurn(() => host.destroy(ref)),
  beginChange: ({ seconds }) => host.inTurn(() => host.begin(seconds)),
  commitChange: () => host.inTurn(() => host.change.commit()),
  rollbackChange: () => host.inTurn(() => host.change.rollback()),
});

/** Resolves when files of a change that was cut short are whole; what is to be taken back is done beside. */
export async function startInterfaceDriver(
  paths: Paths,
  log: Logger,
  roots: InterfaceRoots = hostRoots(paths),
): Promise<Driver> {
  const host = new HostInterfaces(roots, paths, log);
  await host.recover().catch((error: unknown) => log.error(explainError(error)));
  return {
    name: "interface",
    errorDomain: ErrorDomain.interface,
    roles: { hostInterface: roleOf(host) },
    events: {},
    close: () => {
      host.change.close();
      return Promise.resolve();
    },
  };
}
