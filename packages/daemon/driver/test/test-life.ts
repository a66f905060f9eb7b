/** The test driver's operations that change a domain. */
import type { LifecycleChange } from "@vireo/model/event";
import { domainState } from "@vireo/model/state-reason";
import { virError } from "@vireo/model/error";
import type { Role } from "../contract.ts";
import { identityOf, stopped, type TestDomain } from "./test-domain.ts";
import type { TestStore } from "./test-store.ts";

/** libvirt tells that the vCPUs run before it tells of the start. */
const bootEvents = (paused: boolean | undefined): LifecycleChange[] => [
  ...(paused === true ? [] : [{ event: "resumed", detail: "unpaused" } as const]),
  { event: "started", detail: "booted" },
  ...(paused === true ? [{ event: "suspended", detail: "paused" } as const] : []),
];

/** The domain is off; a transient one is gone with that. */
function end(store: TestStore, domain: TestDomain, how: "shutdown" | "destroyed"): void {
  const off = stopped(domain, how);
  const happened = { event: "stopped", detail: how } as const;
  if (domain.persistent) store.put(off, happened);
  else store.remove(off, happened);
}

const definition = (store: TestStore): Role<"domain"> => ({
  define: ({ xml }) => {
    const { definition: read, known } = store.read(xml);
    const domain: TestDomain =
      known === undefined
        ? store.fresh(read, true)
        : { ...known, definition: read, persistent: true, updated: known.live !== undefined };
    store.put(domain, { event: "defined", detail: known === undefined ? "added" : "updated" });
    return identityOf(domain);
  },
  undefine: ({ domain: ref }) => {
    const domain = store.allowed(ref, "undefine");
    const undefined_ = { event: "undefined", detail: "removed" } as const;
    if (domain.live === undefined) store.remove(domain, undefined_);
    else store.put({ ...domain, persistent: false, autostart: false }, undefined_);
  },
  rename: ({ domain: ref, name }) => {
    const domain = store.allowed(ref, "rename");
    if (name === "" || name.includes("/"))
      throw virError("xmlError", `name ${name} cannot contain '/' or be empty`);
    if (store.all().some((one) => one.name === name))
      throw virError("operationInvalid", `domain with name '${name}' already exists`);
    store.tell(domain, { event: "undefined", detail: "renamed" });
    store.put(
      { ...domain, name, definition: { ...domain.definition, name } },
      { event: "defined", detail: "renamed" },
    );
  },
  setAutostart: ({ domain: ref, autostart }) => {
    store.put({ ...store.allowed(ref, "setAutostart"), autostart });
  },
});

const power = (store: TestStore): Role<"domain"> => ({
  create: ({ xml, paused, autodestroy }, call) => {
    const { definition, known } = store.read(xml);
    if (known?.live !== undefined)
      throw virError("operationInvalid", `domain '${known.name}' is already active`);
    const domain = store.booted(known ?? store.fresh(definition, false), paused === true);
    store.put(domain, ...bootEvents(paused));
    if (autodestroy === true)
      call.onDisconnect(() => end(store, store.find({ uuid: domain.uuid }), "destroyed"));
    return identityOf(domain);
  },
  start: ({ domain: ref, paused }) => {
    const domain = store.booted(store.allowed(ref, "start"), paused === true);
    return identityOf(store.put(domain, ...bootEvents(paused)));
  },
  shutdown: ({ domain: ref }) => end(store, store.allowed(ref, "shutdown"), "shutdown"),
  destroy: ({ domain: ref }) => end(store, store.allowed(ref, "destroy"), "destroyed"),
});

const running = (store: TestStore): Role<"domain"> => ({
  reboot: ({ domain: ref }) => {
    const domain = store.allowed(ref, "reboot");
    store.events.publish({ kind: "reboot", domain: identityOf(domain) });
  },
  reset: ({ domain: ref }) => {
    const domain = store.allowed(ref, "reset");
    store.events.publish({ kind: "reboot", domain: identityOf(domain) });
  },
  suspend: ({ domain: ref }) => {
    const domain = store.allowed(ref, "suspend");
    if (domain.state.state === "paused") return;
    store.put(
      { ...domain, state: domainState("paused", "user") },
      { event: "suspended", detail: "paused" },
    );
  },
  resume: ({ domain: ref }) => {
    const domain = store.allowed(ref, "resume");
    store.put(
      { ...domain, state: domainState("running", "unpaused") },
      { event: "resumed", detail: "unpaused" },
    );
  },
});

export const testLife = (store: TestStore): Role<"domain"> => ({
  ...definition(store),
  ...power(store),
  ...running(store),
});
