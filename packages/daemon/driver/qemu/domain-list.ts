/** All domains of the driver: found by name, UUID or id; names and UUIDs are unique. */
import { virError } from "@vireo/model/error";
import type { DomainRef } from "@vireo/model/operation/domain-value";
import type { DomainActor } from "./domain-actor.ts";
import { noDomain } from "./no-domain.ts";

/** Far above what a host can run; stops a runaway client. */
const LIMIT = 100_000;

export class DomainList {
  readonly #byUuid = new Map<string, DomainActor>();
  readonly #byName = new Map<string, DomainActor>();
  readonly #met = new WeakSet<DomainActor>();
  readonly #onAdd: (actor: DomainActor) => void;

  /** `onAdd` meets each domain before it does anything. */
  constructor(onAdd: (actor: DomainActor) => void = () => undefined) {
    this.#onAdd = onAdd;
  }

  all(): readonly DomainActor[] {
    return [...this.#byUuid.values()];
  }

  lookUp(ref: DomainRef): DomainActor | undefined {
    if ("uuid" in ref) return this.#byUuid.get(ref.uuid);
    if ("name" in ref) return this.#byName.get(ref.name);
    return this.all().find(({ view }) => view.live?.id === ref.id);
  }

  /** @throws VireoError `noDomain` */
  find(ref: DomainRef): DomainActor {
    const found = this.lookUp(ref);
    if (found === undefined) throw noDomain(ref);
    return found;
  }

  /**
   * The domain with this name and this UUID, if there is one.
   * @throws VireoError `operationFailed` when only one of the two fits
   */
  same({ name, uuid }: { name: string; uuid: string }): DomainActor | undefined {
    const byUuid = this.#byUuid.get(uuid);
    if (byUuid !== undefined && byUuid.view.name !== name)
      throw virError(
        "operationFailed",
        `domain '${byUuid.view.name}' is already defined with uuid ${uuid}`,
      );
    const byName = this.#byName.get(name);
    if (byName !== undefined && byName !== byUuid)
      throw virError(
        "operationFailed",
        `domain '${name}' already exists with uuid ${byName.view.uuid}`,
      );
    return byUuid;
  }

  /** @throws VireoError `noMemory` above 100,000 domains */
  add(actor: DomainActor): void {
    if (this.#byUuid.size >= LIMIT) throw virError("noMemory", `more than ${LIMIT} domains`);
    actor.listed = true;
    if (!this.#met.has(actor)) this.#onAdd(actor); // a new name makes no new domain
    this.#met.add(actor);
    this.#byUuid.set(actor.view.uuid, actor);
    this.#byName.set(actor.view.name, actor);
  }

  /** Changes that still wait for their turn then find no domain. */
  remove(actor: DomainActor): void {
    const { uuid, name } = actor.view;
    if (this.#byUuid.get(uuid) !== actor) return;
    actor.listed = false;
    this.#byUuid.delete(uuid);
    this.#byName.delete(name);
  }

  /** @throws VireoError `operationInvalid` when another domain has the name */
  rename(actor: DomainActor, name: string): void {
    if (this.#byName.has(name))
      throw virError("operationInvalid", `domain with name '${name}' already exists`);
    this.#byName.delete(actor.view.name);
    this.#byName.set(name, actor);
  }
}
