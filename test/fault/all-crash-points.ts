/**
 * `npm run fault [-- WORK...]`: vireod dies at every point of every work, see crash-work.ts.
 * Exit status 1 when something is lost, half or left over at one of them.
 */
import { explainError } from "@vireo/model/error";
import { CRASH_WORKS } from "./crash-work.ts";
import { walkCrashPoints } from "./walk-crash-points.ts";

const wanted = process.argv.slice(2);
let total = 0;
for (const work of CRASH_WORKS) {
  if (wanted.length > 0 && !wanted.includes(work.name)) continue;
  try {
    const points = await walkCrashPoints(work);
    total += points;
    console.log(`${work.name}: ${points} points`);
  } catch (error) {
    process.exitCode = 1;
    console.log(explainError(error));
  }
}
console.log(`${total} points without loss`);
