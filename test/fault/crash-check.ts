/** What has to be true after a crash, wherever it happened. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { explainError } from "@vireo/model/error";
import { GUEST } from "./crash-guest.ts";
import { leftovers, pictureOf, remainsOfRun, type Picture } from "./crash-picture.ts";
import type { CrashStage } from "./crash-stage.ts";
import { checkQemu } from "./qemu-truth.ts";

/** The columns of the walk's table. */
export type FaultKind = "lost" | "orphan" | "half" | "other";

export class CrashFault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What a check that fails is called. @throws CrashFault */
async function as<T>(kind: FaultKind, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof CrashFault ? error : new CrashFault(kind, explainError(error));
  }
}

const LOOK_MS = 50;
const JOB_MS = 5000;

/** Block jobs that were begun go on by themselves; one that waits for a decision gets it. */
async function settleJobs(stage: CrashStage): Promise<void> {
  const end = performance.now() + JOB_MS;
  for (;;) {
    const { stdout, stderr, status } = await stage.try(`blockjob ${GUEST} vda --info`);
    const said = stdout + stderr;
    if (status !== 0 || said.trim() === "") return;
    if (/100(\.0+)? ?%/.test(said)) await stage.try(`blockjob ${GUEST} vda --pivot`);
    if (performance.now() > end) throw new CrashFault("half", `a block job does not end: ${said}`);
    await sleep(LOOK_MS);
  }
}

const whatDiffers = (found: Picture, wanted: Picture): string =>
  Object.keys(found)
    .filter((key) => found[key as keyof Picture] !== wanted[key as keyof Picture]) // its own keys
    .join(", ");

/** Everything is as before, or as after: nothing of the one together with something of the other. */
function mustBeOne(found: Picture, pictures: readonly (Picture | undefined)[]): void {
  const wanted = pictures.filter((picture) => picture !== undefined);
  const others = wanted.map((picture) => whatDiffers(found, picture));
  if (others.includes("")) return;
  const [picture] = wanted;
  const text = JSON.stringify({ found, before: wanted[0], after: wanted.at(-1) }, undefined, 1);
  throw new CrashFault(
    "half",
    `not as before (differs in ${others[0]}), not as after (${others.at(-1)}): ${picture && text}`,
  );
}

const LOOKS = 20;

/** The daemon lives and may be writing just now: only what stays through further questions was left by a crash. */
async function abandoned(stage: CrashStage): Promise<readonly string[]> {
  let left = leftovers(stage);
  for (let looks = 0; left.length > 0 && looks < LOOKS; looks++) {
    await stage.try("hostname");
    const now = new Set(leftovers(stage));
    left = left.filter((path) => now.has(path));
  }
  return left;
}

export interface Expected {
  /** As it was before the work, and as the work leaves it; nothing is known of the domain in an undefined one. */
  readonly pictures: readonly (Picture | undefined)[];
  /** What was under way, to the journal's mind, when the daemon died. */
  readonly journal: readonly string[];
  readonly mayHaveJobs: boolean;
}

/** An operation that was cut short is named, with what became of it. */
function mustSaySo(stage: CrashStage, journal: readonly string[]): void {
  if (journal.length === 0) return;
  assert.match(stage.log, /"msg":"Interrupted [^"]+(finished|undone|off)/, "what became of it");
}

/**
 * Looks at a daemon that has come back. @throws CrashFault
 * @returns how it is; `undefined` when there is no domain, as there need not be
 */
export async function checkAfterCrash(
  stage: CrashStage,
  { pictures, journal, mayHaveJobs }: Expected,
): Promise<Picture | undefined> {
  if (mayHaveJobs) await as("other", () => settleJobs(stage));
  const found = await as("lost", () => pictureOf(stage));
  await as("orphan", () => {
    const running = found !== undefined && found.state !== "shut off";
    assert.equal(stage.processes, running ? 1 : 0, `${found?.state}: processes`);
  });
  if (found === undefined && !pictures.includes(undefined))
    throw new CrashFault("lost", "the domain is not known any more");
  await as("half", async () => {
    if (found !== undefined) mustBeOne(found, pictures);
    assert.deepEqual(await abandoned(stage), [], "temporary files");
    assert.deepEqual(stage.journal(), [], "journal");
    if (found !== undefined && found.state !== "shut off") await checkQemu(stage);
  });
  await as("other", () => mustSaySo(stage, journal));
  return found;
}

/** A domain that went through a crash obeys, and nothing of its runs stays behind. @throws CrashFault */
export async function checkObeys(stage: CrashStage, { state, definition }: Picture): Promise<void> {
  const stop = state === "shut off" ? [] : [`destroy ${GUEST}`];
  const isTransient = definition === "";
  const again = [`start ${GUEST}`, `domstate ${GUEST}`, `destroy ${GUEST}`];
  await as("other", async () => {
    const answers = await stage.ask(...stop, ...(isTransient ? [] : again));
    if (!isTransient) assert.match(answers.at(-2) ?? "", /^(running|paused)$/);
  });
  await as("orphan", () => {
    assert.equal(stage.processes, 0, "processes after the end");
    assert.deepEqual(remainsOfRun(stage), [], "left of the run");
  });
}
