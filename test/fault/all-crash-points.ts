/**
 * `npm run fault [-- WORK... NUMBER]`: vireod dies at every point of every work, see crash-works.ts; a table tells what came
 * of it. With a number at most so many points of each work are taken. Exit status 1 when something is lost, half or left over at one of them.
 */
import { explainError } from "@vireo/model/error";
import type { FaultKind } from "./crash-check.ts";
import { CRASH_WORKS, type CrashWork } from "./crash-works.ts";
import { CrashWalker, type Walked } from "./walk-crash-points.ts";

const AT_ONCE = 2;
const KINDS: readonly FaultKind[] = ["lost", "orphan", "half", "other"];
const NAME_WIDTH = 34;
const WIDTH = 8;

const row = (name: string, figures: readonly (string | number)[]): string =>
  name.padEnd(NAME_WIDTH) + figures.map((figure) => String(figure).padStart(WIDTH)).join("");

const count = ({ faults }: Pick<Walked, "faults">, kind: FaultKind): number =>
  faults.filter((fault) => fault.kind === kind).length;

const words = process.argv.slice(2);
const atMost = words.map(Number).find((number) => number > 0);

/** Works that cannot be done even without a crash are a fault of their own. */
const walked = (walker: CrashWalker, work: CrashWork): Promise<Walked> =>
  walker.walk(work, atMost).catch(async (error: unknown) => {
    await walker.cleanUp();
    const what = `without a crash: ${explainError(error)}`;
    return { work: work.name, points: 0, missed: [], faults: [{ kind: "other", what }] };
  });

async function walkAll(works: CrashWork[], told: (one: Walked) => void) {
  const walker = new CrashWalker();
  try {
    for (let work = works.shift(); work !== undefined; work = works.shift())
      told(await walked(walker, work));
  } finally {
    await walker.cleanUp();
  }
}

const wanted = words.filter((word) => !(Number(word) > 0));
const works = CRASH_WORKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const begin = performance.now();
const all: Walked[] = [];
console.log(row("operation", ["points", "missed", ...KINDS]));
const tell = (one: Walked): void => {
  all.push(one);
  const kinds = KINDS.map((kind) => count(one, kind));
  console.log(row(one.work, [one.points, one.missed.length, ...kinds]));
  for (const { at, nth } of one.missed)
    console.error(`${one.work}: not passed again: ${at} (${nth})`);
  for (const { what } of one.faults) console.error(`\n${one.work}: ${what}\n`);
};
await Promise.all(Array.from({ length: AT_ONCE }, () => walkAll(works, tell)));
const faults = all.flatMap((one) => one.faults);
const sum = (of: (one: Walked) => number): number => all.reduce((total, one) => total + of(one), 0);
const seconds = Math.round((performance.now() - begin) / 1000);
console.log(
  row("all", [
    sum(({ points }) => points),
    sum(({ missed }) => missed.length),
    ...KINDS.map((kind) => count({ faults }, kind)),
  ]),
);
console.log(`${seconds} s`);
process.exitCode = faults.length === 0 ? 0 : 1;
