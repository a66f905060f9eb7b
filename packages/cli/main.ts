import { runProgram } from "./program.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // the reader has gone, as in `vireo list | head -1`
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runProgram(process.argv.slice(2));
