/** RPC procedures that register for domain events, in both generations. */
import { virError } from "@vireo/model/error";
import {
  connectionOf,
  type DoorHandlers,
  type DoorSession,
  type Subscriptions,
} from "./door-session.ts";
import { DomainSubscriptions } from "./domain-subscriptions.ts";

const LIFECYCLE = 0;

function subscriptions(session: DoorSession): Subscriptions {
  const events = connectionOf(session).events("domain");
  if (events === undefined) throw virError("noSupport", "virConnectDomainEventRegisterAny");
  session.state.subscriptions ??= new DomainSubscriptions(session, events);
  return session.state.subscriptions;
}

export const domainEventHandlers: DoorHandlers = {
  connectDomainEventCallbackRegisterAny: ({ eventID, dom }, { session }) => ({
    callbackID: subscriptions(session).add(eventID, dom?.uuid),
  }),
  connectDomainEventCallbackDeregisterAny: ({ callbackID }, { session }) => {
    subscriptions(session).remove(callbackID);
  },
  connectDomainEventRegister: (_args, { session }) => {
    subscriptions(session).addOld(LIFECYCLE);
    return { cb_registered: 0 };
  },
  connectDomainEventDeregister: (_args, { session }) => {
    subscriptions(session).removeOld(LIFECYCLE);
    return { cb_registered: 0 };
  },
  connectDomainEventRegisterAny: ({ eventID }, { session }) => {
    subscriptions(session).addOld(eventID);
  },
  connectDomainEventDeregisterAny: ({ eventID }, { session }) => {
    subscriptions(session).removeOld(eventID);
  },
};
