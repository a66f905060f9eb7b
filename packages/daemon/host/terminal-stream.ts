/** A terminal of the host as a stream of bytes. */
import { closeSync, constants, openSync } from "node:fs";
import { Duplex } from "node:stream";
import { isatty, ReadStream } from "node:tty";
import { virError } from "@vireo/model/error";
import { hostError } from "./errno.ts";

/**
 * Opens a pseudo terminal, such as `/dev/pts/3`, both ways and never waits for its other side.
 * It is left in the mode its owner chose (QEMU makes its own raw). Destroying the stream closes it.
 * @throws VireoError `systemError`; `operationFailed` when `path` is no terminal
 */
export function openTerminal(path: string): Duplex {
  const fd = opened(path);
  if (!isatty(fd)) {
    closeSync(fd);
    throw virError("operationFailed", `'${path}' is not a terminal`);
  }
  return bothWays(new ReadStream(fd), path);
}

function opened(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    throw hostError(`Unable to open '${path}'`, error);
  }
}

/** `EIO` is how a terminal says that its other side has closed: the end, not a failure. */
function bothWays(terminal: ReadStream, path: string): Duplex {
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => void terminal.resume(),
    write: (chunk: Uint8Array, _encoding, done) => void terminal.write(chunk, done),
    destroy: (error, done) => {
      terminal.destroy();
      done(error);
    },
  });
  terminal.on("data", (chunk) => {
    if (!stream.push(chunk)) terminal.pause();
  });
  terminal.on("end", () => stream.push(null));
  terminal.on("close", () => stream.destroy());
  terminal.on("error", (error) => {
    if ("code" in error && error.code === "EIO") stream.push(null);
    else stream.destroy(hostError(`Cannot use terminal '${path}'`, error));
  });
  return stream;
}
