/** Reads the options, serves until it is told to end, leaves every guest running. */
import { flushCompileCache } from "node:module";
import { explainError } from "@vireo/model/error";
import { DaemonLog } from "./host/daemon-log.ts";
import { endProcess } from "./host/end-process.ts";
import { pathsOf } from "./host/paths.ts";
import { daemonOptions, USAGE, type DaemonOptions } from "./options.ts";
import { startDaemon } from "./start-daemon.ts";
import { VERSION } from "./version.ts";

function options(): DaemonOptions {
  try {
    return daemonOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`vireod: ${explainError(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const { root, logLevel, hooks, help, version, ...rest } = options();
if (help || version) {
  process.stdout.write(help ? USAGE : `${VERSION}\n`);
  process.exit(0);
}

/** Whoever starts the daemon to use it at once is not kept waiting. */
const KEEP_COMPILED_MS = 3000;

const daemonLog = new DaemonLog(logLevel);
const log = daemonLog.logger;
const paths = { ...pathsOf(root), ...(hooks !== undefined && { hooks }) };
try {
  const daemon = await startDaemon(paths, daemonLog, rest);
  log.info({ socket: paths.socket, uri: `qemu+unix:///system?socket=${paths.socket}` }, "ready");
  setTimeout(flushCompileCache, KEEP_COMPILED_MS).unref(); // a daemon that is killed has no other time for it
  let ending = false;
  const end = (signal: string): void => {
    if (ending) return;
    ending = true;
    log.info({ signal }, "ending; guests keep running");
    void daemon.close().then(() => endProcess(0));
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  // what asks libvirtd to read its configuration again must not end us
  process.on("SIGHUP", () => {
    log.info({ signal: "SIGHUP" }, "reload");
    daemon.reload().catch((error: unknown) => log.warn(explainError(error)));
  });
  await daemon.http;
} catch (error) {
  log.error(explainError(error));
  process.exit(1);
}
