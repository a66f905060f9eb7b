/** The packet filters of the host, and where each is in force. One change at a time. */
import { isDeepStrictEqual } from "node:util";
import { virError, type VireoError } from "@vireo/model/error";
import { filtersWithin } from "@vireo/model/nwfilter/expand-filter";
import type { NwFilter } from "@vireo/model/nwfilter/nwfilter";
import type { NwFilterIdentity, NwFilterRef } from "@vireo/model/operation/nwfilter";
import type { DroppedPackets } from "../contract.ts";
import type { FilterStore } from "./filter-store.ts";
import { type Find, type ForceBinding, inForce, withMac } from "./force-binding.ts";
import type { FilterBackend, Heard, InterfaceFilter } from "./interface-filter.ts";
import { LearnedAddresses, type LearnedBy } from "./learned-addresses.ts";

/** As rules can quote it. */
const DEVICE = /^[A-Za-z0-9_.-]{1,15}$/;

export class FilterList {
  readonly #filters = new Map<string, NwFilter>();
  readonly #bindings = new Map<string, ForceBinding>();
  readonly #store: FilterStore;
  readonly #backend: FilterBackend;
  readonly #learned: LearnedAddresses;
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: FilterStore, backend: FilterBackend) {
    this.#store = store;
    this.#backend = backend;
    this.#learned = new LearnedAddresses((dev, learned) => store.saveLearned(dev, learned));
  }

  /** Known from before; says nothing to the kernel. */
  adopt(filter: NwFilter): void {
    this.#filters.set(filter.name, filter);
  }

  /** A binding that an earlier daemon made, with the addresses it learned; `revive` puts it in force. */
  adoptBinding(binding: ForceBinding, learned: LearnedBy | undefined): void {
    const { name } = binding.portDev;
    this.#bindings.set(name, binding);
    if (learned !== undefined) this.#learned.adopt(name, learned);
  }

  all(): readonly NwFilter[] {
    return [...this.#filters.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  bindings(): readonly ForceBinding[] {
    return [...this.#bindings.values()].toSorted((a, b) =>
      a.portDev.name < b.portDev.name ? -1 : 1,
    );
  }

  /** @throws VireoError `noNwfilter` */
  find(ref: NwFilterRef): NwFilter {
    const found =
      "name" in ref
        ? this.#filters.get(ref.name)
        : this.all().find(({ uuid }) => uuid === ref.uuid.toLowerCase());
    if (found !== undefined) return found;
    const what = "name" in ref ? `name '${ref.name}'` : `uuid '${ref.uuid}'`;
    throw virError("noNwfilter", `no nwfilter with matching ${what}`);
  }

  /** @throws VireoError `noNwfilterBinding` */
  binding(dev: string): ForceBinding {
    const found = this.#bindings.get(dev);
    if (found !== undefined) return found;
    throw virError("noNwfilterBinding", `no nwfilter binding for port dev '${dev}'`);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** What a definition may not be. */
  #check(wanted: NwFilter): void {
    const known = this.all().find(({ uuid }) => uuid === wanted.uuid);
    if (known !== undefined && known.name !== wanted.name)
      throw failed(`filter with same UUID but different name ('${known.name}') already exists`);
    const named = this.#filters.get(wanted.name);
    if (named !== undefined && named.uuid !== wanted.uuid)
      throw failed(`filter '${wanted.name}' already exists with uuid ${named.uuid}`);
    const inside = (wanted.refs ?? []).map(({ filter }) => filter);
    const leadsBack = (name: string): boolean =>
      filtersWithin(name, (one) => this.#filters.get(one)).has(wanted.name);
    if (inside.some(leadsBack)) throw failed("filter would introduce a loop");
  }

  /** Interfaces whose filter is, or leads to, the one of that name. */
  #users(name: string, lookUp: (name: string) => NwFilter | undefined): readonly ForceBinding[] {
    return this.bindings().filter(({ filterRef }) =>
      filtersWithin(filterRef.filter, lookUp).has(name),
    );
  }

  readonly #known: Find = (name) => {
    const found = this.#filters.get(name);
    if (found !== undefined) return found;
    throw virError("internalError", `referenced filter '${name}' is missing`);
  };

  /** Guests that use the filter get the new rules in the same moment; when they cannot, all stays. */
  define(wanted: NwFilter): Promise<NwFilterIdentity> {
    return this.#inTurn(async () => {
      this.#check(wanted);
      const lookUp = (name: string) => (name === wanted.name ? wanted : this.#filters.get(name));
      const find: Find = (name) => (name === wanted.name ? wanted : this.#known(name));
      const users = this.#users(wanted.name, lookUp);
      await this.#backend.replace(users.map((binding) => this.#inForce(binding, find)));
      await this.#store.save(wanted);
      this.#filters.set(wanted.name, wanted);
      return identityOf(wanted);
    });
  }

  /** @throws VireoError `operationInvalid` while it is in use */
  undefine(ref: NwFilterRef): Promise<void> {
    return this.#inTurn(async () => {
      const { name } = this.find(ref);
      if (this.#users(name, (one) => this.#filters.get(one)).length > 0)
        throw virError("operationInvalid", "nwfilter is in use");
      await this.#store.remove(name);
      this.#filters.delete(name);
    });
  }

  /** Puts a filter in force; instead of what the interface had when `replace`. @throws VireoError */
  bind(wanted: ForceBinding, { replace }: { replace: boolean }): Promise<void> {
    return this.#inTurn(async () => {
      const binding = withMac(wanted);
      const { name: dev } = binding.portDev;
      if (!DEVICE.test(dev))
        throw virError("invalidArg", `'${dev}' is not the name of an interface`);
      if (!replace && this.#bindings.has(dev)) throw failed(`binding '${dev}' already exists`);
      const filter = this.#inForce(binding, this.#known);
      const before = this.#bindings.get(dev);
      // first: rules that no binding tells of would stay for whoever has the interface next
      await this.#store.saveBinding(dev, binding);
      try {
        await this.#backend.replace([filter]);
      } catch (error) {
        if (before === undefined) await this.#store.removeBinding(dev);
        else await this.#store.saveBinding(dev, before);
        throw error;
      }
      this.#bindings.set(dev, binding);
    });
  }

  /** As a guest's definition has it, unless that is so or the binding is somebody else's. @throws VireoError */
  async settle(wanted: ForceBinding): Promise<void> {
    const now = this.#bindings.get(wanted.portDev.name);
    if (now !== undefined && now.owner?.uuid !== wanted.owner?.uuid) return;
    if (now !== undefined && isDeepStrictEqual(now.filterRef, withMac(wanted).filterRef)) return;
    await this.bind(wanted, { replace: true });
  }

  /** Takes the filter off; nothing happens when `only` says that it is another's by now. */
  unbind(dev: string, only: (binding: ForceBinding) => boolean = () => true): Promise<void> {
    return this.#inTurn(async () => {
      const binding = this.#bindings.get(dev);
      if (binding === undefined || !only(binding)) return;
      await this.#backend.remove(dev);
      await this.#forget(dev);
    });
  }

  /** Puts rules back that somebody took away; tells of which interfaces. @throws VireoError */
  heal(): Promise<readonly string[]> {
    return this.#inTurn(async () => {
      const missing = new Set(await this.#backend.missing([...this.#bindings.keys()]));
      const gone = this.bindings().filter(({ portDev }) => missing.has(portDev.name));
      await this.#backend.replace(gone.map((binding) => this.#inForce(binding, this.#known)));
      return [...missing];
    });
  }

  /** Of guests whose address is learned, with what is known of each. */
  #inForce(binding: ForceBinding, find: Find): InterfaceFilter {
    const filter = inForce(binding, find);
    const { dev, learning } = filter;
    if (learning === undefined) return filter;
    const isNew = this.#bindings.get(dev)?.mac?.address !== binding.mac?.address;
    return { ...filter, learning: { ...this.#learned.completed(dev, learning), isNew } };
  }

  /** How often `listen` has something to do, in milliseconds. */
  get listenMs(): number {
    return this.#backend.hearMs;
  }

  /** Asks the kernel for addresses that were learned; those whose lease is over end. @throws VireoError */
  listen(): Promise<void> {
    return this.#inTurn(async () => {
      const learning = this.bindings()
        .map((binding) => this.#inForce(binding, this.#known))
        .filter((filter) => filter.learning !== undefined);
      if (learning.length === 0) return;
      const heard = await this.#backend.heard();
      for (const filter of learning) await this.#note(filter, heard.get(filter.dev));
    });
  }

  async #note(filter: InterfaceFilter, heard: Heard | undefined): Promise<void> {
    const { dev, learning } = filter;
    if (learning === undefined) return;
    await this.#learned.note(dev, { ...learning, heard }, (known, gone) =>
      this.#backend.readdress({ ...filter, learning: { ...learning, known } }, gone),
    );
  }

  /** What the interface's filter dropped. */
  dropped(dev: string): Promise<readonly DroppedPackets[]> {
    return this.#bindings.has(dev) ? this.#backend.dropped(dev) : Promise.resolve([]);
  }

  /** Of an interface that is gone. */
  async #forget(dev: string): Promise<void> {
    await this.#store.removeBinding(dev);
    this.#bindings.delete(dev);
    this.#learned.forget(dev);
  }
}

const failed = (detail: string): VireoError => virError("operationFailed", detail);

export const identityOf = ({ name, uuid = "" }: NwFilter): NwFilterIdentity => ({ name, uuid });
