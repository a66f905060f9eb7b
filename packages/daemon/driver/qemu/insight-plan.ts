/** `domain.plan` and `domain.apply`: a new definition for a known domain, compared with what it has. */
import { createHash } from "node:crypto";
import { checkDomain } from "@vireo/model/domain/check/check";
import type { Domain } from "@vireo/model/domain/domain";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { planDomain, type PlannedChange } from "@vireo/model/domain/plan";
import type { LiveAction } from "@vireo/model/domain/plan-rules";
import { isResolved, resolveDomain } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { explainError, virError } from "@vireo/model/error";
import type { DomainEventBody } from "@vireo/model/event";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import { within } from "../../host/clock.ts";
import { saveChanged, type Definitions } from "./definition.ts";
import type { Leaving } from "./device-work.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { DomainView, LiveDomain } from "./domain-view.ts";
import type { QemuEnvironment } from "./environment.ts";
import { type Applied, applyLive, type LiveApplication, possibleNow } from "./insight-apply.ts";
import { sameIdentity } from "./insight-facts.ts";
import { keepWritten } from "./insight-written.ts";
import { Undo } from "./undo.ts";

type Plan = OperationOutput<"domain", "plan">;

/** While a domain is off, all that can be done is done at its next start. */
const CAN: ReadonlySet<LiveAction> = new Set<LiveAction>(["metadata"]);

/** How long an answer waits for a guest to let go of devices: libvirt's time. */
const LET_GO_MS = 5000;

/** The domain as its definition's XML says it, without what only runs or is empty. */
const asWritten = (domain: Domain): Domain =>
  parseDomain(formatDomain(domain, { secure: true })).domain;

/** Names the content of a definition: equal texts, equal revisions. */
const revisionOf = (definition: Domain): string =>
  createHash("sha256")
    .update(formatDomain(definition, { secure: true }))
    .digest("hex");

/** @throws VireoError when this host cannot run it */
async function wantedDefinition(
  env: QemuEnvironment,
  xml: string,
  { definition }: DomainView,
): Promise<ResolvedDomain> {
  const { domain } = parseDomain(xml);
  const { facts } = await env.emulatorFor(domain);
  const resolved = resolveDomain(domain, sameIdentity(facts, domain, definition));
  checkDomain(resolved, facts);
  return resolved;
}

const planOf = (
  { definition, live }: DomainView,
  wanted: ResolvedDomain,
): readonly PlannedChange[] =>
  planDomain({
    definition: asWritten(definition),
    wanted: asWritten(wanted),
    can: live === undefined ? CAN : possibleNow(live, wanted),
    ...(live === undefined ? {} : { running: asWritten(live.config) }),
  });

/** As clients are told. */
const told = (changes: readonly PlannedChange[]): Plan["changes"] =>
  changes.map(({ by: _by, ...change }) => change);

export async function plan(
  { env, list }: Definitions,
  { domain, xml }: OperationInput<"domain", "plan">,
): Promise<Plan> {
  const { view } = list.find(domain);
  const wanted = await wantedDefinition(env, xml, view);
  return {
    revision: revisionOf(view.definition),
    running: view.live !== undefined,
    changes: told(planOf(view, wanted)),
  };
}

/** @throws VireoError `operationInvalid` */
function mustBePossible(changes: readonly Pick<PlannedChange, "path" | "impact" | "why">[]): void {
  const hindrance = changes.find(({ impact }) => impact === "replace");
  if (hindrance !== undefined)
    throw virError(
      "operationInvalid",
      `cannot apply the change of '${hindrance.path}': ${hindrance.why}`,
    );
}

/** @throws VireoError `operationInvalid` */
function mustBeRevision(asked: string | undefined, { name, definition }: DomainView): void {
  const present = revisionOf(definition);
  if (asked !== undefined && asked !== present)
    throw virError(
      "operationInvalid",
      `the definition of domain '${name}' has changed: it is at revision ${present}`,
    );
}

/** Title, description and metadata are what a running domain can take over. */
function withWords(live: LiveDomain, wanted: Domain): LiveDomain {
  const { title: _title, description: _text, metadata: _metadata, ...rest } = live.config;
  const { title, description, metadata } = wanted;
  const config: Domain = {
    ...rest,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  if (!isResolved(config)) throw virError("internalError", "metadata took a domain apart");
  return { ...live, config };
}

const WORDS = { title: "title", description: "description", metadata: "element" } as const;

const newsOf = (changes: readonly PlannedChange[]): readonly DomainEventBody[] =>
  Object.entries(WORDS).flatMap(([tag, type]): readonly DomainEventBody[] =>
    changes.some(({ path }) => path === `/domain/${tag}`) ? [{ kind: "metadataChange", type }] : [],
  );

interface Answer {
  readonly plan: Plan;
  /** Devices that the guest was asked to let go of. */
  readonly leaving: readonly Leaving[];
}

/** The running domain first: what fails there leaves the definition as it was. */
async function perform(about: LiveApplication): Promise<Applied> {
  const { definitions, actor, wanted } = about;
  const undo = new Undo();
  try {
    const applied = await applyLive(about, undo);
    await saveChanged(definitions, actor, wanted);
    return applied;
  } catch (error) {
    await undo.run((step, fault) =>
      definitions.env.log.warn({ domain: actor.view.name, step }, explainError(fault)),
    );
    throw error;
  }
}

async function change(
  definitions: Definitions,
  actor: DomainActor,
  { xml, revision }: OperationInput<"domain", "apply">,
): Promise<Answer> {
  actor.allow("changeConfig");
  mustBeRevision(revision, actor.view);
  const wanted = await wantedDefinition(definitions.env, xml, actor.view);
  const { view } = actor;
  const changes = planOf(view, wanted);
  mustBePossible(changes);
  let leaving: readonly Leaving[] = [];
  if (changes.length > 0) {
    const [before, after] = [asWritten(view.definition), asWritten(wanted)];
    const done = await perform({ definitions, actor, changes, before, after, wanted });
    ({ leaving } = done);
    const waits = changes.some(({ impact }) => impact === "nextBoot");
    const { live } = actor.view;
    actor.update(
      live === undefined
        ? {}
        : {
            live: withWords(
              done.known.reduce((now, known) => known(now), live),
              wanted,
            ),
            updated: view.updated || waits,
          },
      { kind: "lifecycle", event: "defined", detail: "updated" },
      ...newsOf(changes),
    );
    await keepWritten(definitions.env, actor.view, xml);
  }
  const running = view.live !== undefined;
  return { plan: { revision: revisionOf(wanted), running, changes: told(changes) }, leaving };
}

/** Compares and sets in the domain's turn, so that nobody's change is lost. */
export async function apply(
  definitions: Definitions,
  input: OperationInput<"domain", "apply">,
): Promise<Plan> {
  const actor = definitions.list.find(input.domain);
  const { plan: done, leaving } = await actor.change("apply", () =>
    change(definitions, actor, input),
  );
  await within(LET_GO_MS, Promise.allSettled(leaving.map(({ gone }) => gone)));
  return done;
}
