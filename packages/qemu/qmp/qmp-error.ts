/** What can go wrong when talking to QEMU, and its translation for clients: the one place for it. */
import { virError, type VireoError } from "@vireo/model/error";

/** QEMU refused a command. `errorClass` is QEMU's own word, `GenericError` for most. */
export class QmpError extends Error {
  readonly errorClass: string;
  readonly command: string;

  constructor(command: string, errorClass: string, description: string) {
    super(description);
    this.name = "QmpError";
    this.command = command;
    this.errorClass = errorClass;
  }
}

/** The monitor did not answer within the deadline; whether the command took effect is not known. */
export class QmpTimeoutError extends Error {
  readonly command: string;

  constructor(command: string, ms: number) {
    super(`QEMU did not answer '${command}' within ${ms} ms`);
    this.name = "QmpTimeoutError";
    this.command = command;
  }
}

/** Too much waits for the monitor already; the command was not sent. */
export class QmpBusyError extends Error {
  constructor(command: string) {
    super(`too many commands wait for QEMU's monitor to send '${command}'`);
    this.name = "QmpBusyError";
  }
}

/** The monitor connection is gone, or was ended because QEMU broke the protocol. */
export class QmpClosedError extends Error {
  constructor(why: string, cause?: unknown) {
    super(`QEMU monitor closed: ${why}`, cause === undefined ? {} : { cause });
    this.name = "QmpClosedError";
  }
}

/** libvirt's error for a failure of the monitor; anything else passes through. */
export function monitorError(error: unknown): unknown {
  const from = 10;
  if (error instanceof QmpError) {
    const text = `unable to execute QEMU command '${error.command}': ${error.message}`;
    return virError("internalError", text, { from, cause: error });
  }
  if (error instanceof QmpTimeoutError || error instanceof QmpBusyError)
    return virError("operationTimeout", error.message, { from, cause: error });
  if (error instanceof QmpClosedError) return closed(error);
  return error;
}

const closed = (cause: QmpClosedError): VireoError =>
  virError("operationFailed", "domain is not running", { from: 10, cause });
