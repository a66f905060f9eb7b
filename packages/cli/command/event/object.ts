import type { EventBody } from "@vireo/sdk/libvirt/event-hub";
import { CommandError, type Handler } from "../../answer.ts";
import type { networkCommands } from "../../catalog/network.ts";
import type { nodeDeviceCommands } from "../../catalog/node-device.ts";
import type { secretCommands } from "../../catalog/secret.ts";
import type { storagePoolCommands } from "../../catalog/storage-pool.ts";
import type { Connection } from "../../connection.ts";
import type { Context } from "../../context.ts";
import { type Subscribe, timestamp, waitForEvents } from "../../event-wait.ts";
import { findNetwork, findNodeDevice, findPool, findSecret } from "../../lookup.ts";

interface Choice {
  readonly event: string | undefined;
  readonly loop: boolean;
  readonly timeout: number | undefined;
  readonly list: boolean;
  readonly timestamp: boolean;
}

/** Told for each event: the key of its object, the name to print, what happened. */
interface Happening {
  readonly key: string;
  readonly name: string;
  /** Only of lifecycle events. */
  readonly detail?: string;
}

type Tell = (happening: Happening) => void;
type Listen = (connection: Connection, tell: Tell) => Promise<() => Promise<void>>;

interface Source {
  /** As in "for NOUN x". */
  readonly noun: string;
  readonly listeners: { readonly [event: string]: Listen };
  /** The key of the object the user named. */
  find(connection: Connection, word: string): Promise<string>;
}

const networkStates = ["Defined", "Undefined", "Started", "Stopped"];
const poolStates = ["Defined", "Undefined", "Started", "Stopped", "Created", "Deleted"];
const deviceStates = ["Created", "Deleted", "Defined", "Undefined"];
const secretStates = ["Defined", "Undefined"];
const named = (names: readonly string[], value: number): string => names[value] ?? "unknown";

const network: Source = {
  noun: "network",
  find: async (connection, word) => (await findNetwork(connection, word)).uuid,
  listeners: {
    lifecycle: async (connection, tell) =>
      await connection.on("network", "lifecycle", ({ net, event }) => {
        tell({ key: net.uuid, name: net.name, detail: named(networkStates, event) });
      }),
  },
};

const pool: Source = {
  noun: "storage pool",
  find: async (connection, word) => (await findPool(connection, word)).uuid,
  listeners: {
    lifecycle: async (connection, tell) =>
      await connection.on("storagePool", "lifecycle", (body) => {
        tell({ ...keyOf(body.pool), detail: named(poolStates, body.event) });
      }),
    refresh: async (connection, tell) =>
      await connection.on("storagePool", "refresh", (body) => {
        tell(keyOf(body.pool));
      }),
  },
};

const keyOf = ({ uuid, name }: EventBody<"storagePool", "refresh">["pool"]): Happening => ({
  key: uuid,
  name,
});

const nodeDevice: Source = {
  noun: "node device",
  find: async (connection, word) => (await findNodeDevice(connection, word)).name,
  listeners: {
    lifecycle: async (connection, tell) =>
      await connection.on("nodeDevice", "lifecycle", ({ dev, event }) => {
        tell({ key: dev.name, name: dev.name, detail: named(deviceStates, event) });
      }),
    update: async (connection, tell) =>
      await connection.on("nodeDevice", "update", ({ dev }) => {
        tell({ key: dev.name, name: dev.name });
      }),
  },
};

const secret: Source = {
  noun: "secret",
  find: async (connection, word) => (await findSecret(connection, word)).uuid,
  listeners: {
    lifecycle: async (connection, tell) =>
      await connection.on("secret", "lifecycle", (body) => {
        const { uuid } = body.secret;
        tell({ key: uuid, name: uuid, detail: named(secretStates, body.event) });
      }),
    "value-changed": async (connection, tell) =>
      await connection.on("secret", "valueChanged", (body) => {
        tell({ key: body.secret.uuid, name: body.secret.uuid });
      }),
  },
};

/** One of the commands that wait for events of something else than domains. */
async function wait(
  source: Source,
  { word, ...choice }: Choice & { readonly word: string | undefined },
  context: Context,
): ReturnType<Handler> {
  if (choice.list) {
    const names = Object.keys(source.listeners);
    return { data: names, text: names.map((name) => `${name}\n`).join("") };
  }
  const { event } = choice;
  if (event === undefined) throw new CommandError("either --list or --event <type> is required");
  const listen = source.listeners[event];
  if (listen === undefined) throw new CommandError(`unknown event type ${event}`);
  const connection = await context.connection();
  const only = word === undefined ? undefined : await source.find(connection, word);
  const subscribe: Subscribe = async (tell) =>
    await listen(connection, ({ key, name, detail }) => {
      if (only !== undefined && key !== only) return;
      const text = `event '${event}' for ${source.noun} ${name}`;
      const time = choice.timestamp ? timestamp() : "";
      tell(`${time}${text}${detail === undefined ? "" : `: ${detail}`}`, {
        event,
        key,
        name,
        detail,
      });
    });
  await waitForEvents(subscribe, choice, context);
  return undefined;
}

export const handlers: {
  readonly "net-event": Handler<(typeof networkCommands)["net-event"]>;
  readonly "pool-event": Handler<(typeof storagePoolCommands)["pool-event"]>;
  readonly "nodedev-event": Handler<(typeof nodeDeviceCommands)["nodedev-event"]>;
  readonly "secret-event": Handler<(typeof secretCommands)["secret-event"]>;
} = {
  "net-event": async (args, context) =>
    await wait(network, { ...args, word: args.network }, context),
  "pool-event": async (args, context) => await wait(pool, { ...args, word: args.pool }, context),
  "nodedev-event": async (args, context) =>
    await wait(nodeDevice, { ...args, word: args.device }, context),
  "secret-event": async (args, context) =>
    await wait(secret, { ...args, word: args.secret }, context),
};
