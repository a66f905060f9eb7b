/** Saving domains to files and bringing them back. */
import { join } from "node:path";
import { explainError, virError } from "@vireo/model/error";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { checkSameGuest } from "@vireo/model/domain/same-guest";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import type { OperationInput } from "@vireo/model/operation/operations";
import { removeIfThere } from "../../host/file.ts";
import { forgetRead, forgetWritten } from "../../host/page-cache.ts";
import type { Role } from "../contract.ts";
import { domainDirectory, shortNameOf } from "./command-context.ts";
import {
  checkName,
  forgetUnlessNeeded,
  inactiveView,
  newActor,
  restoredDefinition,
  storedDefinition,
  type Definitions,
} from "./definition.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { DomainJob } from "./domain-job.ts";
import type { LiveDomain } from "./domain-view.ts";
import type { QemuEnvironment } from "./environment.ts";
import { packed } from "./image-packing.ts";
import { imagePlace } from "./image-place.ts";
import { keptConfig } from "./kept-config.ts";
import { refuseAnyBlockJob } from "./live-disk.ts";
import { takeOut } from "./memory-stream.ts";
import { startSaved } from "./restore-recovery.ts";
import { saveNote } from "./save-recovery.ts";
import {
  isSaved,
  managedSavePath,
  readImage,
  redefineImage,
  writeImage,
  type SavedImage,
} from "./saved-image.ts";

const managedPath = ({ paths }: QemuEnvironment, name: string): string =>
  managedSavePath(paths, name);

export const hasManagedSave = ({ paths }: QemuEnvironment, { view }: DomainActor): boolean =>
  isSaved(paths, view.name);

interface Way {
  readonly running?: boolean | undefined;
  readonly paused?: boolean | undefined;
}

function mustBeOneWay({ running, paused }: Way): void {
  if (running === true && paused === true)
    throw virError("invalidArg", "flags 'running' and 'paused' are mutually exclusive");
}

/** Nothing else may change the domain meanwhile. */
const SAVING = { operation: "save", admits: "nothing" } as const;

interface SaveTarget {
  readonly path: string;
  /** A definition that replaces that of the domain. */
  readonly xml?: string | undefined;
  readonly bypassCache?: boolean | undefined;
}

/** What is kept with the memory: another definition must be the same machine to the guest. */
async function sameGuest(
  env: QemuEnvironment,
  config: ResolvedDomain,
  xml: string | undefined,
): Promise<ResolvedDomain> {
  if (xml === undefined) return config;
  const wanted = await restoredDefinition(env, xml);
  checkSameGuest(config, wanted);
  return wanted;
}

/** What is done is done, whatever becomes of the cache. */
const uncached = (env: QemuEnvironment, forget: () => Promise<void>): Promise<void> =>
  forget().catch((error: unknown) => env.log.warn({ what: "page cache" }, explainError(error)));

/** As the job of the domain: stops the vCPUs, writes the image, ends the process. A failure lets the guest go on. */
async function saveTo(
  env: QemuEnvironment,
  actor: DomainActor,
  { path, xml, job, bypassCache, ...way }: Way & SaveTarget & { readonly job: DomainJob },
): Promise<void> {
  const { live, state, uuid } = actor.view;
  if (live === undefined) throw virError("operationInvalid", "domain is not running");
  refuseAnyBlockJob(live);
  const ran = state.state === "running";
  const running = way.running === true || (ran && way.paused !== true);
  const note = saveNote(path, ran);
  await env.journal.during({ uuid, operation: "save", note }, async () => {
    const kept = await sameGuest(env, await keptConfig(env, live.config), xml);
    await imagePlace(path);
    const packing = env.saveImageFormat ?? "raw";
    const image = { path, running, packing, xml: formatDomain(kept, { secure: true }) };
    await writeOut(env, { actor, job, live, ran }, image);
    await actor.end("saved");
    if (bypassCache === true) await uncached(env, () => forgetWritten(path));
  });
}

interface Saving {
  readonly actor: DomainActor;
  readonly job: DomainJob;
  readonly live: LiveDomain;
  readonly ran: boolean;
}

/** Stops the vCPUs of a guest that ran and writes the image; they stay stopped unless it fails. */
export async function writeOut(
  env: QemuEnvironment,
  { actor, job, live, ran }: Saving,
  image: Parameters<typeof writeImage>[0],
): Promise<void> {
  const directory = domainDirectory(env.paths, shortNameOf(live.id, live.config.name));
  actor.intent.pauseReason = "save";
  try {
    if (ran) await actor.ask("stop");
    const taking = { path: join(directory, "memory.sock"), job };
    await takeOut(actor.ask.bind(actor), taking, (stream, confirm) =>
      writeImage(image, packed(stream, image.packing), confirm),
    );
  } catch (error) {
    if (ran) await actor.run("saveCanceled").catch(() => undefined); // it may have ended
    throw error;
  } finally {
    actor.intent.pauseReason = "user";
  }
}

const discard = (env: QemuEnvironment, actor: DomainActor): Promise<void> =>
  removeIfThere(managedPath(env, actor.view.name));

/** Boots the domain, or brings back its managed save; that is gone before the guest runs. */
export async function startDefined(
  env: QemuEnvironment,
  actor: DomainActor,
  input: Omit<OperationInput<"domain", "start">, "domain">,
): Promise<DomainIdentity> {
  actor.allow("start");
  if (!hasManagedSave(env, actor)) return actor.start(input);
  if (input.forceBoot === true) {
    await actor.turn("start", () => discard(env, actor));
    return actor.start(input);
  }
  const image = await readImage(managedPath(env, actor.view.name));
  const config = await storedDefinition(env, image.xml);
  if (config.uuid !== actor.view.uuid)
    throw virError("operationFailed", `save image '${image.path}' is of another domain`);
  const paused = input.paused === true || !image.running;
  const saved = { image, managed: true, runs: !paused };
  return startSaved(actor, env, [{ ...input, paused, saved }, config]);
}

async function restore(
  definitions: Definitions,
  { path, xml, ...input }: OperationInput<"domain", "restore">,
): Promise<DomainIdentity> {
  mustBeOneWay(input);
  const { env, list } = definitions;
  const image = await readImage(path);
  const config = await sameGuest(env, await restoredDefinition(env, image.xml), xml);
  checkName(config.name);
  const known = list.same(config);
  if (known?.view.live !== undefined)
    throw virError("operationInvalid", `domain '${config.name}' is already active`);
  const actor = known ?? newActor(definitions, inactiveView(config, { persistent: false }));
  if (known === undefined) list.add(actor);
  const paused = input.paused === true || (!image.running && input.running !== true);
  try {
    const saved = { image, managed: false, runs: !paused };
    const identity = await startSaved(actor, env, [{ ...input, paused, saved }, config]);
    if (input.bypassCache === true) await uncached(env, () => forgetRead(path));
    return identity;
  } catch (error) {
    await forgetUnlessNeeded(definitions, actor).catch(() => undefined); // somebody else did
    throw error;
  }
}

/** Without passwords unless they are asked for. */
function xmlOf({ xml }: SavedImage, secure: boolean | undefined): string {
  return formatDomain(parseDomain(xml).domain, { secure: secure === true });
}

async function redefine(
  env: QemuEnvironment,
  path: string,
  { xml, ...way }: Way & { readonly xml: string },
): Promise<void> {
  mustBeOneWay(way);
  const image = await readImage(path);
  const wanted = await sameGuest(env, await storedDefinition(env, image.xml), xml);
  const running = way.running === true || (image.running && way.paused !== true);
  await redefineImage(image, { xml: formatDomain(wanted, { secure: true }), running });
}

export const saveRole = (definitions: Definitions): Role<"domain"> => {
  const { env, list } = definitions;
  return {
    hasManagedSave: ({ domain }) => hasManagedSave(env, list.find(domain)),
    save: (input) => {
      mustBeOneWay(input);
      const actor = list.find(input.domain);
      return actor.job("save", SAVING, (job) => saveTo(env, actor, { ...input, job }));
    },
    managedSave: (input) => {
      mustBeOneWay(input);
      const actor = list.find(input.domain);
      return actor.job("managedSave", SAVING, (job) =>
        saveTo(env, actor, { ...input, job, path: managedPath(env, actor.view.name) }),
      );
    },
    removeManagedSave: ({ domain }) => {
      const actor = list.find(domain);
      return actor.change("removeManagedSave", () => discard(env, actor));
    },
    managedSaveXml: async ({ domain, secure }) => {
      const actor = list.find(domain);
      if (!hasManagedSave(env, actor))
        throw virError("operationInvalid", "domain does not have managed save image");
      return xmlOf(await readImage(managedPath(env, actor.view.name)), secure);
    },
    defineManagedSave: ({ domain, ...input }) => {
      const actor = list.find(domain);
      return actor.change("managedSave", async () => {
        if (!hasManagedSave(env, actor))
          throw virError("operationInvalid", "no managed save image for the domain");
        await redefine(env, managedPath(env, actor.view.name), input);
      });
    },
    defineSaveImage: ({ path, ...input }) => redefine(env, path, input),
    saveImageXml: async ({ path, secure }) => xmlOf(await readImage(path), secure),
    restore: (input) => restore(definitions, input),
  };
};
