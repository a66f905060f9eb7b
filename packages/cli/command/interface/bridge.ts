/** A host interface put under a bridge and taken out again, as virsh does it, and with a time after which it is taken back. */
import {
  formatHostInterface,
  type HostInterface,
  parseHostInterface,
  portsOf,
} from "@vireo/model/node/host-interface";
import { OPERATIONS } from "@vireo/model/operation/operations";
import type { InterfaceReference } from "@vireo/sdk/libvirt/procedure";
import {
  type Answer,
  attempt,
  CommandError,
  comfort,
  done,
  type HandlersOf,
} from "../../answer.ts";
import type { interfaceCommands } from "../../catalog/interface.ts";
import type { interfaceTryCommands } from "../../catalog/interface-try.ts";
import type { Connection } from "../../connection.ts";
import { findInterfaceByName } from "../../lookup.ts";

const inactiveXml = 1;
const TRY_SECONDS = 60;

interface BridgeWish {
  readonly interface: string;
  readonly bridge: string;
  readonly stp: boolean;
  readonly delay: number;
  readonly start: boolean;
}

async function definitionOf(
  connection: Connection,
  iface: InterfaceReference,
): Promise<HostInterface> {
  const { xml } = await connection.call("interfaceGetXmlDesc", { iface, flags: inactiveXml });
  return parseHostInterface(xml);
}

const define = async (connection: Connection, host: HostInterface): Promise<InterfaceReference> =>
  (await connection.call("interfaceDefineXml", { xml: formatHostInterface(host), flags: 0 })).iface;

/** What is the interface's own goes into the bridge with it, the rest becomes the bridge's. */
function bridged(port: HostInterface, { bridge, stp, delay }: BridgeWish): HostInterface {
  const { mac, bond, vlan, link: _cable, name = "", type, ...shared } = port;
  const inside = { type, name, ...(mac && { mac }), ...(bond && { bond }), ...(vlan && { vlan }) };
  return {
    ...shared,
    type: "bridge",
    name: bridge,
    bridge: { stp, ...(stp && { delay: String(delay) }), interfaces: [inside] },
  };
}

async function isThere(connection: Connection, name: string): Promise<boolean> {
  return connection.call("interfaceLookupByName", { name }).then(
    () => true,
    () => false,
  );
}

/** @returns what was done, line by line @throws CommandError */
async function makeBridge(connection: Connection, wish: BridgeWish): Promise<string> {
  const { interface: name, bridge, start } = wish;
  const iface = await findInterfaceByName(connection, name);
  if (await isThere(connection, bridge))
    throw new CommandError(`Network device ${bridge} already exists`);
  const port = await definitionOf(connection, iface);
  if (port.type === "bridge") throw new CommandError(`Existing device ${name} is already a bridge`);
  const made = await attempt(
    `Failed to define new bridge interface ${bridge}`,
    define(connection, bridged(port, wish)),
  );
  const told = `Created bridge ${bridge} with attached device ${name}\n`;
  if (!start) return told;
  await attempt(
    `Failed to start bridge interface ${bridge}`,
    connection.call("interfaceCreate", { iface: made, flags: 0 }),
  );
  return `${told}Bridge interface ${bridge} started\n`;
}

/** The bridge's one port, with what was the bridge's. @throws CommandError */
function unbridged(name: string, host: HostInterface): HostInterface {
  if (host.type !== "bridge") throw new CommandError(`Device ${name} is not a bridge`);
  const [port, ...others] = portsOf(host);
  if (others.length > 0) throw new CommandError("Multiple interfaces attached to bridge");
  if (port === undefined) throw new CommandError("No interface attached to bridge");
  const { bridge: _bridge, link: _cable, ...shared } = host;
  return { ...shared, ...port };
}

async function begin(connection: Connection, seconds: number): Promise<void> {
  await attempt(
    "Failed to begin network config change transaction",
    connection.run(OPERATIONS.hostInterface.beginChange, { seconds }),
  );
}

const wayBack = (seconds: number): string =>
  `Taken back in ${seconds} seconds unless you say 'vireo iface-commit'\n`;

export const handlers: HandlersOf<typeof interfaceCommands & typeof interfaceTryCommands> = {
  async "iface-bridge"({ delay = 0, ...words }, context): Promise<Answer> {
    const wish = { ...words, delay, stp: !words["no-stp"], start: !words["no-start"] };
    const told = await makeBridge(await context.connection(), wish);
    return { data: { interface: wish.interface, bridge: wish.bridge }, text: comfort(told) };
  },

  async "iface-unbridge"({ bridge, "no-start": noStart }, context): Promise<Answer> {
    const connection = await context.connection();
    const iface = await findInterfaceByName(connection, bridge);
    const port = unbridged(bridge, await definitionOf(connection, iface));
    const { name = "" } = port;
    await attempt(
      `Failed to destroy bridge interface ${bridge}`,
      connection.call("interfaceDestroy", { iface, flags: 0 }),
    );
    await attempt(
      `Failed to undefine bridge interface ${bridge}`,
      connection.call("interfaceUndefine", { iface }),
    );
    const free = await attempt(`Failed to define new interface ${name}`, define(connection, port));
    const told = `Device ${name} un-attached from bridge ${bridge}\n`;
    const data = { interface: name, bridge };
    if (noStart) return { data, text: comfort(told) };
    await attempt(
      `Failed to start interface ${name}`,
      connection.call("interfaceCreate", { iface: free, flags: 0 }),
    );
    return { data, text: comfort(`${told}Interface ${name} started\n`) };
  },

  async "iface-try"({ seconds = TRY_SECONDS }, context): Promise<Answer> {
    await begin(await context.connection(), seconds);
    return done(`Network config change transaction started\n${wayBack(seconds).trimEnd()}`, {
      seconds,
    });
  },

  async "iface-try-bridge"(
    { seconds = TRY_SECONDS, delay = 0, ...words },
    context,
  ): Promise<Answer> {
    const connection = await context.connection();
    await begin(connection, seconds);
    const wish = { ...words, delay, stp: !words["no-stp"], start: true };
    const told = await makeBridge(connection, wish).catch(async (error: unknown) => {
      // whatever has been done of it; if even this fails, the time does it
      await connection.call("interfaceChangeRollback", { flags: 0 }).catch(() => undefined);
      throw error;
    });
    const data = { interface: wish.interface, bridge: wish.bridge, seconds };
    return { data, text: `${told}${wayBack(seconds)}` };
  },
};
