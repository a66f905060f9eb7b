/** Definitions: from XML to what can be started, and their life on disk. */
import { stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { isError, virError } from "@vireo/model/error";
import { checkDomain } from "@vireo/model/domain/check/check";
import type { Domain } from "@vireo/model/domain/domain";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import type { Issue } from "@vireo/model/schema/issue";
import { isResolved, resolveDomain } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import type { OperationInput } from "@vireo/model/operation/operations";
import { domainState } from "@vireo/model/state-reason";
import { hasCode, hostError } from "../../host/errno.ts";
import { schemaObjection } from "../../host/xml-schema.ts";
import { removeIfThere } from "../../host/file.ts";
import { DomainActor } from "./domain-actor.ts";
import type { DomainList } from "./domain-list.ts";
import type { DomainView } from "./domain-view.ts";
import type { QemuEnvironment } from "./environment.ts";
import { managedSavePath } from "./saved-image.ts";

/** As it is kept on disk: what a later daemon needs, passwords included. */
const storedXml = (definition: ResolvedDomain): string =>
  formatDomain(definition, { secure: true });

/** @throws VireoError `xmlError`, `xmlDetail` */
export function checkName(name: string): void {
  if (name.includes("/")) throw virError("xmlError", `name ${name} cannot contain '/'`);
  if (name.includes("\n")) throw virError("xmlDetail", "invalid char in name: \n");
  if (name === "") throw virError("noName");
}

/** What the schema does not know is passed over, or refused when the caller wants that. */
async function readDomain(xml: string, validate: boolean): Promise<Domain> {
  const { domain, issues } = parseDomain(xml);
  if (validate) await refuseUnknown(xml, issues);
  checkName(domain.name);
  return domain;
}

/** By the host's schema where there is one, and by our own declarations in any case. */
async function refuseUnknown(xml: string, issues: readonly Issue[]): Promise<void> {
  const objection = await schemaObjection(xml, "domain");
  if (objection !== undefined) throw virError("xmlInvalidSchema", objection);
  const [unknown] = issues;
  if (unknown === undefined) return;
  const { path, message, line, column } = unknown;
  throw virError("xmlInvalidSchema", `${path}: ${message} (line ${line}, column ${column})`);
}

/** @throws VireoError when the domain is wrong or this host cannot run it */
async function resolved(env: QemuEnvironment, domain: Domain): Promise<ResolvedDomain> {
  const { facts } = await env.emulatorFor(domain);
  const complete = resolveDomain(domain, facts);
  checkDomain(complete, facts);
  return complete;
}

/** Reads what clients send. */
export async function readDefinition(
  env: QemuEnvironment,
  { xml, validate }: Pick<OperationInput<"domain", "define">, "xml" | "validate">,
): Promise<ResolvedDomain> {
  const domain = await readDomain(xml, validate === true);
  return resolved(env, domain);
}

/**
 * Reads what was stored. An emulator that has gone makes no known domain disappear: what we wrote
 * ourselves is complete already.
 */
export async function storedDefinition(env: QemuEnvironment, xml: string): Promise<ResolvedDomain> {
  const { domain } = parseDomain(xml);
  try {
    const { facts } = await env.emulatorFor(domain);
    return resolveDomain(domain, facts, { abiUpdate: false });
  } catch (error) {
    if (isResolved(domain)) return domain;
    throw error;
  }
}

/** What was saved with a guest's memory: complete, and checked as a new one is. */
export async function restoredDefinition(
  env: QemuEnvironment,
  xml: string,
): Promise<ResolvedDomain> {
  const definition = await storedDefinition(env, xml);
  const { facts } = await env.emulatorFor(definition);
  checkDomain(definition, facts);
  return definition;
}

export interface Definitions {
  readonly env: QemuEnvironment;
  readonly list: DomainList;
}

export const inactiveView = (
  definition: ResolvedDomain,
  { persistent, autostart = false }: { persistent: boolean; autostart?: boolean },
): DomainView => ({
  name: definition.name,
  uuid: definition.uuid,
  state: domainState("shutoff", "unknown"),
  persistent,
  autostart,
  definition,
  updated: false,
});

/** A transient domain is known only as long as it runs. */
export const newActor = ({ env, list }: Definitions, view: DomainView): DomainActor =>
  new DomainActor(env, view, (actor) => {
    if (!actor.view.persistent) list.remove(actor);
  });

/** A transient domain that did not start; in a turn, for another client may have started it meanwhile. */
export const forgetUnlessNeeded = ({ list }: Definitions, actor: DomainActor): Promise<void> =>
  actor.change("create", () => {
    if (!actor.view.persistent && actor.view.live === undefined) list.remove(actor);
  });

/** A new definition of a domain that is known already; to be called in its turn. */
export async function keepDefinition(
  env: QemuEnvironment,
  actor: DomainActor,
  definition: ResolvedDomain,
): Promise<void> {
  await env.store.saveDefinition(definition.name, storedXml(definition));
  const { live, persistent } = actor.view;
  actor.update(
    { definition, persistent: true, updated: live !== undefined },
    { kind: "lifecycle", event: "defined", detail: persistent ? "updated" : "added" },
  );
}

const redefine = (
  { env }: Definitions,
  actor: DomainActor,
  definition: ResolvedDomain,
): Promise<DomainIdentity> =>
  actor.change("define", async () => {
    await keepDefinition(env, actor, definition);
    return actor.identity;
  });

async function defineNew(
  definitions: Definitions,
  definition: ResolvedDomain,
): Promise<DomainIdentity> {
  const { env, list } = definitions;
  const actor = newActor(definitions, inactiveView(definition, { persistent: true }));
  list.add(actor); // at once: nobody else gets the name
  return actor.change("define", async () => {
    try {
      await env.store.saveDefinition(definition.name, storedXml(definition));
    } catch (error) {
      list.remove(actor);
      throw error;
    }
    actor.tell({ kind: "lifecycle", event: "defined", detail: "added" });
    return actor.identity;
  });
}

export async function define(
  definitions: Definitions,
  input: OperationInput<"domain", "define">,
): Promise<DomainIdentity> {
  const definition = await readDefinition(definitions.env, input);
  const known = definitions.list.same(definition);
  if (known === undefined) return defineNew(definitions, definition);
  try {
    return await redefine(definitions, known, definition);
  } catch (error) {
    // it was undefined while we waited for our turn: now it is a new one
    if (isError(error, "noDomain")) return define(definitions, input);
    throw error;
  }
}

/** Where the variables are, also when the firmware is chosen at each start. */
const nvramPath = ({ os, name }: ResolvedDomain, { paths }: QemuEnvironment): string | undefined =>
  os.nvram?.path ?? (os.firmware === "efi" ? join(paths.nvram, `${name}_VARS.fd`) : undefined);

async function isFile(path: string | undefined): Promise<boolean> {
  if (path === undefined) return false;
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function settleNvram(
  env: QemuEnvironment,
  definition: ResolvedDomain,
  { nvram, keepNvram }: Pick<OperationInput<"domain", "undefine">, "nvram" | "keepNvram">,
): Promise<void> {
  const path = nvramPath(definition, env);
  if (path === undefined || keepNvram === true || !(await isFile(path))) return;
  if (nvram !== true) throw virError("operationInvalid", "cannot undefine domain with nvram");
  await unlink(path).catch((error: unknown) => {
    if (!hasCode(error, "ENOENT")) throw hostError(`failed to remove nvram: ${path}`, error);
  });
}

async function settleManagedSave(
  env: QemuEnvironment,
  name: string,
  { managedSave }: Pick<OperationInput<"domain", "undefine">, "managedSave">,
): Promise<void> {
  const path = managedSavePath(env.paths, name);
  if (!(await isFile(path))) return;
  if (managedSave !== true)
    throw virError(
      "operationInvalid",
      "Refusing to undefine while domain managed save image exists",
    );
  await removeIfThere(path);
}

/** What is known of moments would go with the definition. @throws VireoError `operationInvalid` */
function refuseMoments(
  { live, snapshots, checkpoints }: DomainView,
  input: OperationInput<"domain", "undefine">,
): void {
  if (live !== undefined) return;
  const refuse = (count: number, what: string, allowed: boolean | undefined): void => {
    if (count > 0 && allowed !== true)
      throw virError("operationInvalid", `cannot delete inactive domain with ${count} ${what}`);
  };
  refuse(snapshots?.all.size ?? 0, "snapshots", input.snapshotsMetadata);
  refuse(checkpoints?.size ?? 0, "checkpoints", input.checkpointsMetadata);
}

export async function undefine(
  { env, list }: Definitions,
  input: OperationInput<"domain", "undefine">,
): Promise<void> {
  const actor = list.find(input.domain);
  await actor.turn("undefine", async () => {
    refuseMoments(actor.view, input);
    await settleManagedSave(env, actor.view.name, input);
    await settleNvram(env, actor.view.definition, input);
    await env.store.removeDefinition(actor.view.name);
    if (actor.view.live === undefined) {
      await env.snapshots.forget(actor.view.name);
      await env.checkpoints.forget(actor.view.name);
    }
    const news = { kind: "lifecycle", event: "undefined", detail: "removed" } as const;
    actor.update({ persistent: false, autostart: false }, news);
    if (actor.view.live === undefined) list.remove(actor);
  });
}

export async function rename(
  { env, list }: Definitions,
  { domain, name }: OperationInput<"domain", "rename">,
): Promise<void> {
  const actor = list.find(domain);
  checkName(name);
  await actor.turn("rename", async () => {
    const { view } = actor;
    if (view.name === name) throw virError("operationInvalid", "Can't rename domain to itself");
    if (await isFile(managedSavePath(env.paths, view.name)))
      throw virError("operationInvalid", "domain with a managed saved state can't be renamed");
    list.rename(actor, name);
    const definition = { ...view.definition, name };
    try {
      await env.store.renameDefinition(view.name, { name, xml: storedXml(definition) });
      await env.snapshots.rename(view.name, name);
      await env.checkpoints.rename(view.name, name);
    } catch (error) {
      list.rename(actor, view.name);
      throw error;
    }
    actor.tell({ kind: "lifecycle", event: "undefined", detail: "renamed" });
    const news = { kind: "lifecycle", event: "defined", detail: "renamed" } as const;
    actor.update({ name, definition }, news);
  });
}

export async function setAutostart(
  { env, list }: Definitions,
  { domain, autostart }: OperationInput<"domain", "setAutostart">,
): Promise<void> {
  const actor = list.find(domain);
  await actor.turn("setAutostart", async () => {
    await env.store.setAutostart(actor.view.name, autostart);
    actor.update({ autostart });
  });
}

/** Keeps a changed definition of a known domain. */
export async function saveChanged(
  { env }: Definitions,
  actor: DomainActor,
  definition: ResolvedDomain,
): Promise<void> {
  await env.store.saveDefinition(actor.view.name, storedXml(definition));
  actor.update({ definition });
}
