/** The driver of packet filters, beside every hypervisor. */
import { existsSync } from "node:fs";
import type { Logger } from "pino";
import { explainError, virError } from "@vireo/model/error";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import {
  formatNwFilter,
  formatNwFilterBinding,
  parseNwFilter,
  parseNwFilterBinding,
} from "@vireo/model/nwfilter/nwfilter";
import type { NwFilterBindingSummary } from "@vireo/model/operation/nwfilter";
import type { Paths } from "../../host/paths.ts";
import { schemaObjection } from "../../host/xml-schema.ts";
import { newUuid } from "../../state/new-uuid.ts";
import type { Driver, FilteredCard, FirewallBackend, PacketFilters, Role } from "../contract.ts";
import { chooseBackend } from "./choose-backend.ts";
import { FilterGuard } from "./filter-guard.ts";
import { type ForceBinding, isComplete } from "./force-binding.ts";
import { FilterList, identityOf } from "./filter-list.ts";
import { FilterStore } from "./filter-store.ts";

async function mustFit(xml: string, schema: string, validate: boolean | undefined): Promise<void> {
  const objection = validate === true ? await schemaObjection(xml, schema) : undefined;
  if (objection !== undefined) throw virError("xmlInvalidSchema", objection);
}

const filterRole = (list: FilterList): Role<"nwfilter"> => ({
  list: () => list.all().map(identityOf),
  lookup: ({ nwfilter }) => identityOf(list.find(nwfilter)),
  define: async ({ xml, validate }) => {
    await mustFit(xml, "nwfilter", validate);
    return list.define(parseNwFilter(xml, newUuid));
  },
  undefine: ({ nwfilter }) => list.undefine(nwfilter),
  xml: ({ nwfilter }) => formatNwFilter(list.find(nwfilter)),
});

const summaryOf = ({ portDev, filterRef }: ForceBinding): NwFilterBindingSummary => ({
  portDev: portDev.name,
  filter: filterRef.filter,
});

const bindingRole = (list: FilterList): Role<"nwfilterBinding"> => ({
  list: () => list.bindings().map(summaryOf),
  lookup: ({ binding }) => summaryOf(list.binding(binding.name)),
  create: async ({ xml, validate }) => {
    await mustFit(xml, "nwfilterbinding", validate);
    const binding = parseNwFilterBinding(xml);
    if (!isComplete(binding)) throw virError("internalError", "filter binding is incomplete");
    await list.bind(binding, { replace: false });
    return summaryOf(binding);
  },
  delete: ({ binding }) => list.unbind(list.binding(binding.name).portDev.name),
  xml: ({ binding }) => formatNwFilterBinding(list.binding(binding.name)),
});

const bindingOf = ({ dev, mac, owner, filterRef }: FilteredCard): ForceBinding => ({
  owner,
  portDev: { name: dev },
  mac: { address: mac },
  filterRef,
});

/** Whether the host has the interface. */
const isThere = (dev: string): boolean => existsSync(`/sys/class/net/${dev}`);

/** After the daemon was away: rules are put in force again, those of interfaces that are gone forgotten. */
async function revive(list: FilterList, binding: ForceBinding, log: Logger): Promise<void> {
  const { name } = binding.portDev;
  try {
    if (isThere(name)) await list.bind(binding, { replace: true });
    else await list.unbind(name);
  } catch (error) {
    log.error({ interface: name }, `packet filter: ${explainError(error)}`);
  }
}

/** What the kernel heard while nobody asked. */
async function hear(list: FilterList, log: Logger): Promise<void> {
  try {
    await list.listen();
  } catch (error) {
    log.warn(`packet filter: learned addresses: ${explainError(error)}`);
  }
}

/** Resolves when the filters are known and those of running guests in force. */
export async function startNwFilterDriver(
  paths: Paths,
  log: Logger,
  wanted?: FirewallBackend,
): Promise<{ readonly driver: Driver; readonly filters: PacketFilters }> {
  const store = new FilterStore(paths);
  const { chosen, other } = await chooseBackend(wanted);
  const list = new FilterList(store, chosen);
  const report = (path: string, error: unknown): void =>
    log.error({ path }, `cannot read packet filter: ${explainError(error)}`);
  for (const filter of await store.load(report)) list.adopt(filter);
  const bindings = (await store.loadBindings(report)).filter(isComplete);
  for (const binding of bindings)
    list.adoptBinding(binding, await store.loadLearned(binding.portDev.name));
  await hear(list, log);
  for (const binding of bindings) {
    await other?.remove(binding.portDev.name).catch(() => undefined);
    await revive(list, binding, log);
  }
  const guard = new FilterGuard(list, log);
  const driver: Driver = {
    name: "nwfilter",
    errorDomain: ErrorDomain.nwfilter,
    roles: { nwfilter: filterRole(list), nwfilterBinding: bindingRole(list) },
    events: {},
    close: async () => {
      await guard.close();
      await hear(list, log);
      await chosen.close();
    },
  };
  const filters: PacketFilters = {
    bind: (card) => list.bind(bindingOf(card), { replace: true }),
    settle: async (cards) => {
      for (const card of cards)
        await list
          .settle(bindingOf(card))
          .catch((error: unknown) =>
            log.error({ interface: card.dev }, `packet filter: ${explainError(error)}`),
          );
    },
    dropped: (dev) => list.dropped(dev),
    unbind: (dev, owner) =>
      list.unbind(dev, (binding) => binding.owner?.uuid === owner || !isThere(dev)),
  };
  return { driver, filters };
}
