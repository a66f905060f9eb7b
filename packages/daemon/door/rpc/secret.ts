/** RPC procedures about secrets. */
import { virError } from "@vireo/model/error";
import type { SecretIdentity, SecretRef, SecretSummary } from "@vireo/model/operation/secret";
import { SECRET_USAGES } from "@vireo/model/secret/secret-usage";
import { SECRET_LIFECYCLE, type SecretEvent } from "@vireo/model/storage-event";
import { remote } from "@vireo/rpc/program/remote";
import { ask, connectionOf, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { atMost, readFlags } from "./flags.ts";
import { type EventWire, SubscriptionsBySession } from "./object-subscriptions.ts";

const FILTER = { ephemeral: 1, noEphemeral: 2, private: 4, noPrivate: 8 } as const;
type Filter = keyof typeof FILTER;
const TESTS: Readonly<Record<Filter, (secret: SecretSummary) => boolean>> = {
  ephemeral: ({ ephemeral }) => ephemeral,
  noEphemeral: ({ ephemeral }) => !ephemeral,
  private: (secret) => secret.private,
  noPrivate: (secret) => !secret.private,
};
const GROUPS: readonly (readonly Filter[])[] = [
  ["ephemeral", "noEphemeral"],
  ["private", "noPrivate"],
];
const LIST_LIMIT = 16_384;

const wireSecret = ({ uuid, usage, id }: SecretIdentity) => ({
  uuid,
  usageType: SECRET_USAGES.indexOf(usage),
  usageID: id,
});
const secretOf = ({ uuid }: { uuid: string }): SecretRef => ({ uuid });

const all = (call: DoorCall): Promise<readonly SecretSummary[]> =>
  ask(call, ["secret", "list"], {});

const EVENTS: readonly SecretEvent["kind"][] = ["lifecycle", "valueChanged"];
const EVENT_WIRE: EventWire<SecretEvent> = {
  count: EVENTS.length,
  idOf: ({ kind }) => EVENTS.indexOf(kind),
  uuidOf: ({ secret }) => secret.uuid,
  send: (session, callbackID, event) => {
    const secret = wireSecret(event.secret);
    if (event.kind === "valueChanged")
      session.sendEvent(remote, "secretEventValueChanged", { callbackID, secret });
    else
      session.sendEvent(remote, "secretEventLifecycle", {
        callbackID,
        secret,
        event: SECRET_LIFECYCLE.indexOf(event.event),
        detail: 0,
      });
  },
};
const subscriptions = new SubscriptionsBySession(EVENT_WIRE, (session) =>
  connectionOf(session).events("secret"),
);

const listHandlers: DoorHandlers = {
  connectNumOfSecrets: async (_args, call) => ({ num: (await all(call)).length }),
  connectListSecrets: async ({ maxuuids }, call) => {
    atMost(LIST_LIMIT, maxuuids, "maxuuids > REMOTE_SECRET_LIST_MAX");
    return { uuids: (await all(call)).map(({ uuid }) => uuid).slice(0, maxuuids) };
  },
  connectListAllSecrets: async ({ need_results, flags }, call) => {
    const filters = readFlags(flags, FILTER, "secretConnectListAllSecrets");
    const groups = GROUPS.map((group) => group.filter((one) => filters[one])).filter(
      (group) => group.length > 0,
    );
    const found = (await all(call)).filter((secret) =>
      groups.every((group) => group.some((one) => TESTS[one](secret))),
    );
    return { secrets: need_results === 0 ? [] : found.map(wireSecret), ret: found.length };
  },
  secretLookupByUuid: async ({ uuid }, call) => ({
    secret: wireSecret(await ask(call, ["secret", "lookup"], { secret: { uuid } })),
  }),
  secretLookupByUsage: async ({ usageType, usageID }, call) => {
    const usage = SECRET_USAGES[usageType];
    if (usage === undefined)
      throw virError("noSecret", `no secret with matching usage '${usageID}'`);
    const secret = { usage, id: usageID };
    return { secret: wireSecret(await ask(call, ["secret", "lookup"], { secret })) };
  },
};

export const secretHandlers: DoorHandlers = {
  ...listHandlers,
  secretDefineXml: async ({ xml, flags }, call) => {
    const ways = readFlags(flags, { validate: 1 }, "secretDefineXML");
    return { secret: wireSecret(await ask(call, ["secret", "define"], { xml, ...ways })) };
  },
  secretUndefine: ({ secret }, call) =>
    ask(call, ["secret", "undefine"], { secret: secretOf(secret) }),
  secretGetXmlDesc: async ({ secret, flags }, call) => {
    readFlags(flags, {}, "secretGetXMLDesc");
    return { xml: await ask(call, ["secret", "xml"], { secret: secretOf(secret) }) };
  },
  secretSetValue: ({ secret, value, flags }, call) => {
    readFlags(flags, {}, "secretSetValue");
    const base64 = Buffer.from(value).toString("base64");
    return ask(call, ["secret", "setValue"], { secret: secretOf(secret), value: base64 });
  },
  secretGetValue: async ({ secret, flags }, call) => {
    readFlags(flags, {}, "secretGetValue");
    const base64 = await ask(call, ["secret", "value"], { secret: secretOf(secret) });
    return { value: Buffer.from(base64, "base64") };
  },
  connectSecretEventRegisterAny: ({ eventID, secret }, { session }) => ({
    callbackID: subscriptions
      .for(session, "virConnectSecretEventRegisterAny")
      .add(eventID, secret?.uuid),
  }),
  connectSecretEventDeregisterAny: ({ callbackID }, { session }) => {
    subscriptions.for(session, "virConnectSecretEventDeregisterAny").remove(callbackID);
  },
};
