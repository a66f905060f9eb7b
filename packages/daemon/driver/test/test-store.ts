/** The test driver's domains, their identity rules, and the events that their changes make. */
import { randomBytes } from "node:crypto";
import { virError } from "@vireo/model/error";
import type { LifecycleChange } from "@vireo/model/event";
import type { Domain } from "@vireo/model/domain/domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { settleDomain } from "@vireo/model/domain/resolve/resolve";
import type { DomainRef } from "@vireo/model/operation/domain-value";
import { domainState } from "@vireo/model/state-reason";
import { uuidFromRandom } from "@vireo/model/uuid";
import type { EventBus } from "../../event/event-bus.ts";
import { mustBeAllowed, type DomainRequest } from "../decide.ts";
import { identityOf, standingOf, type TestDomain } from "./test-domain.ts";
import { TEST_FACTS } from "./test-facts.ts";

const LIMIT = 100_000;

const noDomain = (ref: DomainRef) => {
  if ("uuid" in ref) return virError("noDomain", `no domain with matching uuid '${ref.uuid}'`);
  if ("name" in ref) return virError("noDomain", `no domain with matching name '${ref.name}'`);
  return virError("noDomain", `no domain with matching id '${ref.id}'`);
};

const matches = (ref: DomainRef) => (domain: TestDomain) => {
  if ("uuid" in ref) return domain.uuid === ref.uuid;
  return "name" in ref ? domain.name === ref.name : domain.live?.id === ref.id;
};

export class TestStore {
  readonly #domains = new Map<string, TestDomain>();
  readonly #events: EventBus;
  #nextId = 1;

  constructor(events: EventBus) {
    this.#events = events;
  }

  all(): readonly TestDomain[] {
    return [...this.#domains.values()];
  }

  /** @throws VireoError `noDomain` */
  find(ref: DomainRef): TestDomain {
    const found = "uuid" in ref ? this.#domains.get(ref.uuid) : this.all().find(matches(ref));
    if (found === undefined) throw noDomain(ref);
    return found;
  }

  /** The domain, if this may be done to it now. */
  allowed(ref: DomainRef, request: DomainRequest): TestDomain {
    const domain = this.find(ref);
    mustBeAllowed(request, standingOf(domain));
    return domain;
  }

  /** Keeps the domain's new form and tells what happened, in order. */
  put(domain: TestDomain, ...changes: readonly LifecycleChange[]): TestDomain {
    this.#domains.set(domain.uuid, domain);
    this.tell(domain, ...changes);
    return domain;
  }

  remove(domain: TestDomain, ...changes: readonly LifecycleChange[]): void {
    this.#domains.delete(domain.uuid);
    this.tell(domain, ...changes);
  }

  tell(domain: TestDomain, ...changes: readonly LifecycleChange[]): void {
    const identity = identityOf(domain);
    this.#events.publish(
      ...changes.map((change) => ({ kind: "lifecycle" as const, domain: identity, ...change })),
    );
  }

  get events(): EventBus {
    return this.#events;
  }

  /**
   * A definition from XML, with whatever it leaves out.
   * @throws VireoError when it is no domain, or clashes with one that is known
   */
  read(xml: string): { readonly definition: Domain; readonly known: TestDomain | undefined } {
    const definition = settleDomain(parseDomain(xml).domain, TEST_FACTS);
    const { name, uuid = "" } = definition;
    const sameUuid = this.#domains.get(uuid);
    if (sameUuid !== undefined && sameUuid.name !== name)
      throw virError(
        "operationFailed",
        `domain '${sameUuid.name}' is already defined with uuid ${uuid}`,
      );
    const sameName = this.all().find((one) => one.name === name);
    if (sameName !== undefined && sameName.uuid !== uuid)
      throw virError(
        "operationFailed",
        `domain '${name}' already exists with uuid ${sameName.uuid}`,
      );
    if (this.#domains.size >= LIMIT) throw virError("noMemory", `more than ${LIMIT} domains`);
    return { definition, known: sameUuid };
  }

  /** A domain that is off. */
  fresh(definition: Domain, persistent: boolean): TestDomain {
    return {
      uuid: definition.uuid ?? uuidFromRandom(randomBytes(16)),
      name: definition.name,
      definition,
      persistent,
      autostart: false,
      updated: false,
      state: domainState("shutoff", "unknown"),
    };
  }

  booted(domain: TestDomain, paused: boolean): TestDomain {
    const live = { id: this.#nextId++, config: domain.definition, startedMs: performance.now() };
    return {
      ...domain,
      live,
      state: paused ? domainState("paused", "user") : domainState("running", "booted"),
    };
  }
}
