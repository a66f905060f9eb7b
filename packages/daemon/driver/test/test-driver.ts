/**
 * `test:///default`: domains that live in memory only, with real definitions, states and events.
 * For trying out clients and for tests of everything above a driver.
 */
import { ErrorDomain } from "@vireo/model/error-catalogue";
import { explainError } from "@vireo/model/error";
import type { DomainEvent } from "@vireo/model/event";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { domainMetadata, withMetadata, type MetadataPlace } from "@vireo/model/domain/metadata";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { Logger } from "pino";
import { EventBus } from "../../event/event-bus.ts";
import type { Driver, Role } from "../contract.ts";
import { currentConfig, identityOf, type TestDomain } from "./test-domain.ts";
import { TEST_DOMAIN } from "./test-facts.ts";
import { testHost, TEST_CPUS } from "./test-host.ts";
import { testLife } from "./test-life.ts";
import { infoOf, statsOf, summaryOf, vcpuCounts, vcpusOf } from "./test-report.ts";
import { TestStore } from "./test-store.ts";

type Affected = Pick<OperationInput<"domain", "metadata">, "domain" | "live" | "config">;
type Place = Pick<OperationInput<"domain", "metadata">, "kind" | "uri">;

const placeOf = ({ kind, uri }: Place): MetadataPlace =>
  kind === "element" ? { kind, uri: uri ?? "" } : { kind };

/** Which of the two configurations a call is about. */
function affected(store: TestStore, { domain: ref, live, config }: Affected) {
  const domain = store.find(ref);
  const running = live === true || (config !== true && domain.live !== undefined);
  if (live === true) store.allowed(ref, "changeLive");
  if (config === true) store.allowed(ref, "changeConfig");
  return { domain, running, defined: config === true || !running };
}

function setMetadata(store: TestStore, input: OperationInput<"domain", "setMetadata">): void {
  const { domain, running, defined } = affected(store, input);
  const change = { value: input.value, prefix: input.prefix };
  const place = placeOf(input);
  const live = running ? domain.live : undefined;
  const changed: TestDomain = {
    ...domain,
    ...(defined ? { definition: withMetadata(domain.definition, place, change) } : {}),
    ...(live && { live: { ...live, config: withMetadata(live.config, place, change) } }),
  };
  store.put(changed);
  store.events.publish({
    kind: "metadataChange",
    domain: identityOf(changed),
    type: input.kind,
    ...(input.uri === undefined ? {} : { uri: input.uri }),
  });
}

const testMonitor = (store: TestStore): Role<"domain"> => ({
  list: () => store.all().map(summaryOf),
  lookup: ({ domain }) => identityOf(store.find(domain)),
  info: ({ domain }) => infoOf(store.find(domain)),
  state: ({ domain }) => store.find(domain).state,
  controlInfo: ({ domain }) => {
    store.allowed(domain, "control");
    return { state: "ok", details: 0, sinceMs: 0 };
  },
  isActive: ({ domain }) => store.find(domain).live !== undefined,
  isPersistent: ({ domain }) => store.find(domain).persistent,
  isUpdated: ({ domain }) => store.find(domain).updated,
  autostart: ({ domain }) => store.find(domain).autostart,
  osType: ({ domain }) => currentConfig(store.find(domain)).os?.type?.name ?? "hvm",
  maxMemory: ({ domain }) => infoOf(store.find(domain)).maxMemoryKiB,
  vcpuCount: ({ domain, live, maximum }) => {
    const found = live === true ? store.allowed(domain, "changeLive") : store.find(domain);
    return maximum === true ? vcpuCounts(found).max : vcpuCounts(found).now;
  },
  vcpus: ({ domain }) => vcpusOf(store.allowed(domain, "control"), TEST_CPUS),
  messages: ({ domain }) => (store.find(domain), []),
  hasManagedSave: ({ domain }) => (store.find(domain), false),
  securityLabel: ({ domain }) => (
    store.find(domain), { label: "libvirt-test", enforcing: true, index: 0 }
  ),
  stats: ({ domains, groups }) =>
    (domains?.map((ref) => store.find(ref)) ?? store.all()).map((domain) => ({
      domain: identityOf(domain),
      stats: statsOf(domain, groups),
    })),
  xml: ({ domain: ref, inactive, secure, migratable }) => {
    const { live, definition } = store.find(ref);
    const view = { secure: secure === true, migratable: migratable === true };
    return live === undefined || inactive === true
      ? formatDomain(definition, view)
      : formatDomain({ ...live.config, id: live.id }, { ...view, live: !view.migratable });
  },
  metadata: (input) => {
    const { domain, running } = affected(store, input);
    const config = running ? currentConfig(domain) : domain.definition;
    return domainMetadata(config, placeOf(input));
  },
  setMetadata: (input) => setMetadata(store, input),
});

export function testDriver(log: Logger): Driver {
  const events = new EventBus<DomainEvent>((error, event) =>
    log.error({ event: event.kind }, `event subscriber failed: ${explainError(error)}`),
  );
  const store = new TestStore(events);
  store.put(store.booted(store.fresh(store.read(TEST_DOMAIN).definition, true), false));
  return {
    name: "TEST",
    errorDomain: ErrorDomain.test,
    roles: { connect: testHost, domain: { ...testMonitor(store), ...testLife(store) } },
    events: { domain: events },
    close: () => Promise.resolve(),
  };
}
