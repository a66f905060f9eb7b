/** The end of the daemon, also while the kernel does not answer. */
import { isReadHanging } from "./careful-reader.ts";
import { tryCall } from "./sys.ts";

/** Like `process.exit`, which waits for threads: one that reads what hangs would keep us. */
export function endProcess(status: number): void {
  if (isReadHanging()) tryCall("_exit", status);
  else process.exit(status);
}
