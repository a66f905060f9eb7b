/** vireod: reads its options, serves until it is told to end, leaves every guest running. */
import { pino } from "pino";
import { explainError } from "@vireo/model/error";
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

const { root, logLevel, help, version, ...http } = options();
if (help || version) {
  process.stdout.write(help ? USAGE : `${VERSION}\n`);
  process.exit(0);
}

const log = pino({ level: logLevel, base: null });
const paths = pathsOf(root);
try {
  const daemon = await startDaemon(paths, log, http);
  log.info({ socket: paths.socket, uri: `qemu+unix:///system?socket=${paths.socket}` }, "ready");
  let ending = false;
  const end = (signal: string): void => {
    if (ending) return;
    ending = true;
    log.info({ signal }, "ending; guests keep running");
    void daemon.close().then(() => process.exit(0));
  };
  process.on("SIGHUP", () => {
    daemon.reload().catch((error: unknown) => log.warn(explainError(error)));
  });
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  // what asks libvirtd to read its configuration again must not end us
  process.on("SIGHUP", () => log.info({ signal: "SIGHUP" }, "nothing to read again"));
  await daemon.http;
} catch (error) {
  log.error(explainError(error));
  process.exit(1);
}
