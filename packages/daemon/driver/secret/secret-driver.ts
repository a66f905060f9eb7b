/** The secret driver, beside every hypervisor. */
import type { Logger } from "pino";
import { explainError, virError, type VireoError } from "@vireo/model/error";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import type { SecretIdentity, SecretRef } from "@vireo/model/operation/secret";
import { formatSecret, parseSecret, type Secret } from "@vireo/model/secret/secret";
import type { SecretEvent } from "@vireo/model/storage-event";

import { EventBus } from "../../event/event-bus.ts";
import { newUuid } from "../../state/new-uuid.ts";
import type { Paths } from "../../host/paths.ts";
import { schemaObjection } from "../../host/xml-schema.ts";
import type { Driver, Role, Secrets } from "../contract.ts";
import { SecretStore } from "./secret-store.ts";

/** libvirt's limit. */
const VALUE_LIMIT = 65_536;

interface Known {
  readonly secret: Secret;
  readonly value: Buffer | undefined;
}

const refuse = (detail: string): VireoError => virError("internalError", detail);

const identityOf = ({ uuid, usage }: Secret): SecretIdentity => ({
  uuid,
  usage: usage?.type ?? "none",
  id: usage?.id ?? "",
});

class SecretList {
  readonly #store: SecretStore;
  readonly #events: EventBus<SecretEvent>;
  readonly #known = new Map<string, Known>();

  constructor(store: SecretStore, events: EventBus<SecretEvent>) {
    this.#store = store;
    this.#events = events;
  }

  all(): readonly Secret[] {
    return Array.from(this.#known.values(), ({ secret }) => secret);
  }

  add(known: Known): void {
    this.#known.set(known.secret.uuid, known);
  }

  #byUsage({ usage, id }: { usage: string; id: string }): Known | undefined {
    return [...this.#known.values()].find(
      ({ secret }) => usage !== "none" && secret.usage?.type === usage && secret.usage.id === id,
    );
  }

  /** @throws VireoError `noSecret` */
  find(ref: SecretRef): Known {
    const found = "uuid" in ref ? this.#known.get(ref.uuid) : this.#byUsage(ref);
    if (found !== undefined) return found;
    const what = "uuid" in ref ? `uuid '${ref.uuid}'` : `usage '${ref.id}'`;
    throw virError("noSecret", `no secret with matching ${what}`);
  }

  /** @throws VireoError `noSecret` when there is none, or it has no value */
  value(ref: SecretRef): Buffer {
    const { secret, value } = this.find(ref);
    if (value === undefined)
      throw virError("noSecret", `secret '${secret.uuid}' does not have a value`);
    return value;
  }

  /** What a definition may not change. */
  #check(wanted: Secret, now: Known | undefined): void {
    const { usage, id } = identityOf(wanted);
    if (now === undefined) {
      const clash = this.#byUsage({ usage, id });
      if (clash === undefined) return;
      throw refuse(`a secret with UUID ${clash.secret.uuid} already defined for use with ${id}`);
    }
    const old = identityOf(now.secret);
    if (old.usage !== usage || old.id !== id)
      throw refuse(`a secret with UUID ${old.uuid} is already defined for use with ${old.id}`);
    if (now.secret.private && !wanted.private)
      throw refuse("cannot change private flag on existing secret");
  }

  async define(xml: string, validate: boolean): Promise<SecretIdentity> {
    const wanted = parseSecret(xml, newUuid);
    const objection = validate ? await schemaObjection(xml, "secret") : undefined;
    if (objection !== undefined) throw virError("xmlInvalidSchema", objection);
    const now = this.#known.get(wanted.uuid);
    this.#check(wanted, now);
    if (wanted.ephemeral) await this.#store.remove(wanted.uuid);
    else await this.#store.saveDefinition(wanted);
    if (!wanted.ephemeral && now?.secret.ephemeral === true && now.value !== undefined)
      await this.#store.saveValue(wanted.uuid, now.value);
    this.add({ secret: wanted, value: now?.value });
    this.#tell(wanted, "defined");
    return identityOf(wanted);
  }

  async setValue(ref: SecretRef, base64: string): Promise<void> {
    const { secret } = this.find(ref);
    const value = Buffer.from(base64, "base64");
    if (value.length > VALUE_LIMIT)
      throw virError("invalidArg", `value of a secret is longer than ${VALUE_LIMIT} bytes`);
    if (!secret.ephemeral) await this.#store.saveValue(secret.uuid, value);
    this.add({ secret, value });
    this.#events.publish({ kind: "valueChanged", secret: identityOf(secret) });
  }

  async undefine(ref: SecretRef): Promise<void> {
    const { secret } = this.find(ref);
    await this.#store.remove(secret.uuid);
    this.#known.delete(secret.uuid);
    this.#tell(secret, "undefined");
  }

  #tell(secret: Secret, event: "defined" | "undefined"): void {
    this.#events.publish({ kind: "lifecycle", secret: identityOf(secret), event });
  }
}

const secretRole = (list: SecretList): Role<"secret"> => ({
  list: () =>
    list.all().map((secret) => ({
      ...identityOf(secret),
      ephemeral: secret.ephemeral,
      private: secret.private,
    })),
  lookup: ({ secret }) => identityOf(list.find(secret).secret),
  define: ({ xml, validate = false }) => list.define(xml, validate),
  undefine: ({ secret }) => list.undefine(secret),
  xml: ({ secret }) => formatSecret(list.find(secret).secret),
  setValue: ({ secret, value }) => list.setValue(secret, value),
  value: ({ secret }) => {
    if (list.find(secret).secret.private) throw virError("invalidSecret", "secret is private");
    return list.value(secret).toString("base64");
  },
});

/** The driver for clients, and what other drivers may ask. */
export async function startSecretDriver(
  paths: Paths,
  log: Logger,
): Promise<{ readonly driver: Driver; readonly secrets: Secrets }> {
  const events = new EventBus<SecretEvent>((error, event) =>
    log.error({ event: event.kind }, `event subscriber failed: ${explainError(error)}`),
  );
  const store = new SecretStore(paths);
  await store.open();
  const list = new SecretList(store, events);
  const stored = await store.load((path, error) =>
    log.error({ path }, `cannot read secret: ${explainError(error)}`),
  );
  for (const one of stored) list.add(one);
  return {
    driver: {
      name: "secret",
      errorDomain: ErrorDomain.secret,
      roles: { secret: secretRole(list) },
      events: { secret: events },
      close: () => Promise.resolve(),
    },
    secrets: { value: (ref) => list.value(ref) },
  };
}
