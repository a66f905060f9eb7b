import type { RemoteErrorBody } from "./server-contract.ts";

/** The daemon answered a call, or ended a stream, with an error. */
export class RemoteCallError extends Error {
  override readonly name = "RemoteCallError";
  /** What it sent: libvirt's code, domain, message and details. */
  readonly body: RemoteErrorBody;

  constructor(procedure: string, body: RemoteErrorBody) {
    super(body.message ?? `${procedure} failed with libvirt error ${body.code}`);
    this.body = body;
  }
}

/** The connection ended before the answer came, or was over already. */
export class DisconnectedError extends Error {
  override readonly name = "DisconnectedError";
}

/** The answer did not come in time. The daemon may still be working on the call. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}
