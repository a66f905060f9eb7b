/** Programs that change the host for a network; before and after each a test may let the daemon die. */
import { execProgram, type ExecOptions } from "../../host/exec.ts";
import { faultPoint } from "../../host/fault-point.ts";

const NAMED_WORDS = 3;

/** @throws VireoError `internalError` */
export async function hostProgram(
  program: string,
  args: readonly string[],
  options?: ExecOptions,
): Promise<void> {
  const what = [program, ...args.slice(0, NAMED_WORDS)].join(" ");
  faultPoint(`before ${what}`);
  await execProgram(program, args, options);
  faultPoint(`after ${what}`);
}
