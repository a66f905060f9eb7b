/** Passes QEMU's own events on to those who want them as they are. */
import type { MonitorEvent } from "@vireo/model/event";
import type { EventBus } from "../../event/event-bus.ts";
import type { DomainActor } from "./domain-actor.ts";

export function followMonitor(bus: EventBus<MonitorEvent>, actor: DomainActor): void {
  actor.follow({
    onEvent: ({ name, data, timestampUs }) => {
      // what a new daemon makes up for what it missed has no time
      if (timestampUs === undefined || bus.subscribers === 0) return;
      const hasDetails = Object.keys(data).length > 0;
      bus.publish({
        domain: actor.identity,
        name,
        timestampUs,
        ...(hasDetails ? { details: JSON.stringify(data) } : {}),
      });
    },
  });
}
