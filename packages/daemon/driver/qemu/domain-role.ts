/** The driver's domain operations, each in terms of the domain's actor. */
import { virError } from "@vireo/model/error";
import { withActualInterfaces } from "@vireo/model/domain/device/actual-interface";
import { formatDomain } from "@vireo/model/domain/format-domain";
import {
  domainMetadata,
  withMetadata,
  type MetadataChange,
  type MetadataPlace,
} from "@vireo/model/domain/metadata";
import { isResolved } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DomainRef } from "@vireo/model/operation/domain-value";
import type { OperationInput } from "@vireo/model/operation/operations";
import { removeIfThere } from "../../host/file.ts";
import type { Role } from "../contract.ts";
import { hasAgent, type AgentLines } from "./agent-lines.ts";
import { agentRole } from "./agent-role.ts";
import { create, tie } from "./create-domain.ts";
import { backupRole } from "./backup/backup-role.ts";
import { blockJobRole } from "./block-job-role.ts";
import type { ConsoleSessions } from "./console-sessions.ts";
import {
  define,
  rename,
  saveChanged,
  setAutostart,
  undefine,
  type Definitions,
} from "./definition.ts";
import { dumpRole } from "./dump-role.ts";
import { deviceRole } from "./device-role.ts";
import type { DomainActor } from "./domain-actor.ts";
import { currentConfig, infoOf, summaryOf, vcpuCounts, vcpusOf } from "./domain-report.ts";
import { openScreen } from "./graphics-stream.ts";
import { GuestAgent } from "./guest-agent.ts";
import { migratableConfig } from "./migratable-config.ts";
import { pressPower, reset, resume, suspend } from "./guest-power.ts";
import { tuneRole } from "./tune/tune-role.ts";
import { logPathOf } from "./guest-log.ts";
import { guestRole } from "./guest-role.ts";
import { insightRole } from "./insight-role.ts";
import { forgetWritten, keepWritten } from "./insight-written.ts";
import { lifecycleRole } from "./lifecycle-role.ts";
import { jobRole } from "./job-role.ts";
import { makingRole } from "./make/making-role.ts";
import { taintMessages } from "./taint.ts";
import { hasManagedSave, saveRole, startDefined } from "./save-role.ts";
import { figuresRole } from "./stats/figures-role.ts";

const definitionRole = (definitions: Definitions): Role<"domain"> => ({
  define: async (input) => {
    const identity = await define(definitions, input);
    const known = definitions.list.lookUp({ uuid: identity.uuid });
    if (known !== undefined) await keepWritten(definitions.env, known.view, input.xml);
    return identity;
  },
  undefine: async (input) => {
    const { uuid } = definitions.list.find(input.domain).view;
    await undefine(definitions, input);
    await forgetWritten(definitions.env, uuid);
  },
  rename: (input) => rename(definitions, input),
  setAutostart: (input) => setAutostart(definitions, input),
  setMetadata: (input) => setMetadata(definitions, input),
});

const lifeRole = (definitions: Definitions, lines: AgentLines): Role<"domain"> => {
  const { list } = definitions;
  return {
    create: (input, call) => create(definitions, input, call),
    start: async (input, call) => {
      const actor = list.find(input.domain);
      const identity = await startDefined(definitions.env, actor, input);
      tie(actor, input, call);
      return identity;
    },
    destroy: async ({ domain, graceful, removeLogs }) => {
      const actor = list.find(domain);
      const { name } = actor.view;
      await actor.destroy({ graceful });
      if (removeLogs === true) await removeIfThere(logPathOf(definitions.env.paths, name));
    },
    suspend: ({ domain }) => suspend(list.find(domain)),
    resume: ({ domain }) => resume(list.find(domain)),
    reset: ({ domain }) => reset(list.find(domain)),
    shutdown: (input) => askOff(list.find(input.domain), "shutdown", { ...input, lines }),
    reboot: (input) => askOff(list.find(input.domain), "reboot", { ...input, lines }),
  };
};

/** By the agent when the caller wants that, or does not care and the agent is there. */
async function askOff(
  actor: DomainActor,
  what: "shutdown" | "reboot",
  {
    acpi,
    agent,
    lines,
  }: { acpi?: boolean | undefined; agent?: boolean | undefined; lines: AgentLines },
): Promise<void> {
  actor.allow(what);
  if (agent === true || (acpi !== true && hasAgent(actor)))
    try {
      const mode = what === "reboot" ? "reboot" : "powerdown";
      return await new GuestAgent(lines, actor).shutdown(mode);
    } catch (error) {
      if (agent === true && acpi !== true) throw error;
    }
  return pressPower(actor, what);
}

const reportRole = ({ env, list }: Definitions): Role<"domain"> => {
  const find = (domain: DomainRef): DomainActor => list.find(domain);
  const running = (domain: DomainRef): DomainActor => {
    const actor = find(domain);
    actor.allow("control");
    return actor;
  };
  return {
    list: () =>
      list.all().map((actor) => ({
        ...summaryOf(actor.view),
        managedSave: hasManagedSave(env, actor),
      })),
    lookup: ({ domain }) => find(domain).identity,
    info: ({ domain }) => infoOf(find(domain).view),
    state: ({ domain }) => find(domain).view.state,
    controlInfo: ({ domain }) => ({ ...running(domain).health, details: 0 }),
    isActive: ({ domain }) => find(domain).view.live !== undefined,
    isPersistent: ({ domain }) => find(domain).view.persistent,
    isUpdated: ({ domain }) => find(domain).view.updated,
    autostart: ({ domain }) => find(domain).view.autostart,
    osType: ({ domain }) => currentConfig(find(domain).view).os.type.name,
    maxMemory: ({ domain }) => currentConfig(find(domain).view).memory.sizeKiB,
    vcpuCount: ({ domain, live, config, maximum }) => {
      const actor = live === true ? running(domain) : find(domain);
      if (config === true) actor.allow("changeConfig");
      const { view } = actor;
      const { max, now } = vcpuCounts(config === true ? view.definition : currentConfig(view));
      return maximum === true ? max : now;
    },
    vcpus: ({ domain }) => vcpusOf(running(domain).view),
    messages: ({ domain, deprecation }) =>
      deprecation === true ? [] : taintMessages(find(domain).view.live?.taints ?? []),
    launchSecurity: ({ domain }) => {
      const { launchSecurity } = currentConfig(find(domain).view);
      if (launchSecurity === undefined) return {};
      throw virError("operationUnsupported", "vireod does not measure encrypted guests yet");
    },
    securityLabel: ({ domain }) => (find(domain), { label: "", enforcing: false, index: 0 }),
    xml: ({ domain, inactive, secure, migratable }) => {
      const { live, definition } = find(domain).view;
      const view = { secure: secure === true, migratable: migratable === true };
      if (live === undefined || inactive === true) return formatDomain(definition, view);
      if (view.migratable) return formatDomain(migratableConfig(live, env.paths), view);
      return formatDomain(withActualInterfaces({ ...live.config, id: live.id }), {
        ...view,
        live: true,
      });
    },
    metadata: (input) => {
      const { view } = affected(find(input.domain), input);
      const config = input.config === true ? view.definition : currentConfig(view);
      return domainMetadata(config, placeOf(input));
    },
  };
};

type Affected = { readonly live?: boolean | undefined; readonly config?: boolean | undefined };

/** Checks that the configurations that a call is about exist. */
function affected(actor: DomainActor, { live, config }: Affected): DomainActor {
  if (live === true) actor.allow("changeLive");
  if (config === true) actor.allow("changeConfig");
  return actor;
}

const placeOf = ({
  kind,
  uri,
}: Pick<OperationInput<"domain", "metadata">, "kind" | "uri">): MetadataPlace =>
  kind === "element" ? { kind, uri: uri ?? "" } : { kind };

function described(
  config: ResolvedDomain,
  ...change: [place: MetadataPlace, change: MetadataChange]
): ResolvedDomain {
  const changed = withMetadata(config, ...change);
  if (!isResolved(changed)) throw virError("internalError", "metadata took a domain apart");
  return changed;
}

async function setMetadata(
  definitions: Definitions,
  input: OperationInput<"domain", "setMetadata">,
): Promise<void> {
  const actor = definitions.list.find(input.domain);
  const { value, prefix, kind, uri } = input;
  await actor.change("setMetadata", async () => {
    const { view } = affected(actor, input);
    const place = placeOf(input);
    const { live } = view;
    const ofLive = input.live === true || (input.config !== true && live !== undefined);
    const ofConfig = input.config === true || live === undefined;
    if (ofConfig)
      await saveChanged(definitions, actor, described(view.definition, place, { value, prefix }));
    if (ofLive && live !== undefined)
      actor.update({
        live: { ...live, config: described(live.config, place, { value, prefix }) },
      });
    actor.tell({ kind: "metadataChange", type: kind, ...(uri === undefined ? {} : { uri }) });
  });
}

const consoleRole = ({ list }: Definitions, consoles: ConsoleSessions): Role<"domain"> => ({
  openConsole: (input, call) => {
    const actor = list.find(input.domain);
    actor.allow("openConsole");
    const stream = consoles.open(currentConfig(actor.view), input);
    call.onDisconnect(() => stream.destroy());
    return stream;
  },
  openGraphics: async (input, call) => {
    const actor = list.find(input.domain);
    actor.allow("openConsole");
    const stream = await openScreen(currentConfig(actor.view), input.index);
    call.onDisconnect(() => stream.destroy());
    return stream;
  },
});

interface Shared {
  readonly consoles: ConsoleSessions;
  readonly lines: AgentLines;
}

export const domainRole = (
  definitions: Definitions,
  { consoles, lines }: Shared,
): Role<"domain"> => ({
  ...reportRole(definitions),
  ...definitionRole(definitions),
  ...lifeRole(definitions, lines),
  ...consoleRole(definitions, consoles),
  ...insightRole(definitions),
  ...deviceRole(definitions),
  ...guestRole(definitions),
  ...dumpRole(definitions),
  ...agentRole(definitions, lines),
  ...saveRole(definitions),
  ...jobRole(definitions.list),
  ...makingRole(definitions),
  ...figuresRole(definitions),
  ...tuneRole(definitions),
  ...lifecycleRole(definitions),
  ...blockJobRole(definitions),
  ...backupRole(definitions),
});
