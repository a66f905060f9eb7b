/**
 * vireod. What node compiles is kept between runs, as the first thing done: the next start takes half the time.
 * NODE_COMPILE_CACHE names another place for it.
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pathsOf } from "./host/paths.ts";

/** Only where things are; `serve` reads them all, and complains. */
const { values } = parseArgs({
  strict: false,
  options: { root: { type: "string" }, help: { type: "boolean" }, version: { type: "boolean" } },
});
const { root, help, version } = values;
if (help !== true && version !== true)
  enableCompileCache(join(pathsOf(typeof root === "string" ? root : undefined).cache, "node"));
await import("./serve.ts");
