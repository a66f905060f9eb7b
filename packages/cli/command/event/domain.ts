import { DOMAIN_EVENTS } from "@vireo/sdk/libvirt/event-table";
import { CommandError, type HandlersOf } from "../../answer.ts";
import type { eventCommands } from "../../catalog/event.ts";
import type { Connection } from "../../connection.ts";
import { type DomainEventName, domainEventTexts } from "../../event-text.ts";
import { stopAll, type Subscribe, timestamp, waitForEvents } from "../../event-wait.ts";
import { findDomain } from "../../lookup.ts";

/** `rtc-change` is `rtcChange` to the sdk. */
const commandName = (name: string): string =>
  name.replace(/[A-Z]|\d/g, (letter) => `-${letter.toLowerCase()}`);

const isEventName = (name: string): name is DomainEventName => Object.hasOwn(DOMAIN_EVENTS, name);
const eventNames: readonly DomainEventName[] = Object.keys(DOMAIN_EVENTS).filter(isEventName);

interface Interest {
  /** UUID of the only domain wanted. */
  readonly uuid: string | undefined;
  readonly withTime: boolean;
  readonly tell: (text: string, data: object) => void;
}

async function subscribeOne<N extends DomainEventName>(
  connection: Connection,
  name: N,
  { uuid, withTime, tell }: Interest,
): Promise<() => Promise<void>> {
  const event = commandName(name);
  return await connection.on("domain", name, (body) => {
    const { dom, rest } = domainEventTexts[name](body);
    if (uuid !== undefined && dom.uuid !== uuid) return;
    const time = withTime ? timestamp() : "";
    tell(`${time}event '${event}' for domain '${dom.name}'${rest}`, { event, body });
  });
}

function chosenEvents(all: boolean, event: string | undefined): readonly DomainEventName[] {
  if (all) return eventNames;
  if (event === undefined)
    throw new CommandError("one of --list, --all, or --event <type> is required");
  const name = eventNames.find((known) => commandName(known) === event);
  if (name === undefined) throw new CommandError(`unknown event type ${event}`);
  return [name];
}

export const handlers: HandlersOf<typeof eventCommands> = {
  async event({ domain, event, all, loop, timeout, list, timestamp: withTime }, context) {
    if (list) {
      const names = eventNames.map(commandName);
      return { data: names, text: names.map((name) => `${name}\n`).join("") };
    }
    const chosen = chosenEvents(all, event);
    const connection = await context.connection();
    const uuid = domain === undefined ? undefined : (await findDomain(connection, domain)).uuid;
    const subscribe: Subscribe = async (tell) => {
      const stops: (() => Promise<void>)[] = [];
      for (const name of chosen)
        stops.push(await subscribeOne(connection, name, { uuid, withTime, tell }));
      return stopAll(stops);
    };
    await waitForEvents(subscribe, { loop, timeout }, context);
    return undefined;
  },
};
