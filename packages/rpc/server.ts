/**
 * The daemon's half of the protocol. The door declares handlers by procedure name and says who may
 * call what; everything about packets, order, limits, streams and keepalive happens here.
 *
 *     const service = new RpcService<DoorState>({
 *       programs: [bindProgram<typeof remote, DoorState>(remote, { domainGetInfo: async ({ dom }, call) => ... , ... })],
 *       openState: (peer, kind) => new DoorState(peer, kind),   // -> session.state, one per client
 *       authorize: (session, procedure) => { ... },             // before the payload is decoded; throws
 *       unsupported: (procedure) => virError("noSupport", procedure.api),  // no handler for it
 *       toRemoteError: (error) => ...,                          // ours -> struct remote_error
 *     });
 *     listener.on("connection", (socket) => service.accept(socket, peerOf(socket), "rw"));
 *
 * A handler takes decoded arguments and returns (a promise of) the result; what it throws becomes an
 * error reply. Up to `limits.maxInFlight` calls of one client run at once; then its socket is not
 * read until a reply has been written. Replies may overtake each other.
 *
 * Streams: a handler calls `call.openStream(serve)` and returns as usual; after the OK reply `serve`
 * runs. It reads `stream.incoming`, awaits `stream.write(...)`, and its end is the stream's end:
 * returning sends end-of-file and confirms the client's finish; throwing sends the error. When the
 * client finishes, `incoming` ends; when it aborts or disconnects, `incoming` throws. In all three
 * cases `write` rejects with StreamClosedError and `stream.signal` aborts; `serve` may let that
 * error escape.
 *
 * Events: `session.sendEvent(remote, "domainEventCallbackLifecycle", body)`. A client that does not
 * read its events is disconnected at `limits.eventQueueBytes`.
 *
 * Other calls of a session: `startKeepalive()` (after feature 10 was asked), `closeAfterReplies()`
 * (CONNECT_CLOSE), `close(reason)` (now), `onClose(listener)`.
 */
import type { Duplex } from "node:stream";
import type { ArgsOf, CallName, CallProcedure, Program, RetOf } from "./program/procedure.ts";
import type { remote } from "./program/remote.ts";
import type { remoteError } from "./program/remote/type.ts";
import type { ServerSession } from "./server-session.ts";
import type { ServerStream } from "./server-stream.ts";
import type { ValueOf } from "./xdr/xdr-type.ts";

/** Which socket a client came through. */
export type SocketKind = "rw" | "ro" | "admin";

/** Who is at the other end, as far as the transport tells. */
export interface Peer {
  readonly transport: "unix" | "tcp" | "tls";
  readonly uid?: number;
  readonly gid?: number;
  readonly pid?: number;
  /** `address;port` of a TCP client. */
  readonly address?: string;
}

/** The struct of an error reply. */
export type RemoteErrorBody = ValueOf<typeof remoteError>;

/** A declared call together with where it was found. */
export interface ProcedureInfo extends CallProcedure<unknown, unknown> {
  readonly program: string;
  readonly name: string;
}

/** One call being served. */
export interface ServerCall<S> {
  readonly session: ServerSession<S>;
  readonly procedure: ProcedureInfo;
  readonly serial: number;
  /** Descriptors that came with the call. */
  readonly fds: readonly number[];
  /** Follow the OK reply with a stream; at most once per call. */
  openStream(serve: (stream: ServerStream) => Promise<void>): void;
}

/** Serves one procedure. */
export type Handler<A, R, S> = (args: A, call: ServerCall<S>) => R | Promise<R>;

/** Handlers of a program by procedure name. */
export type HandlersOf<P extends Program, S> = {
  readonly [N in CallName<P>]?: Handler<ArgsOf<P, N>, RetOf<P, N>, S>;
};

/** Handlers of program "remote". */
export type Handlers<S> = HandlersOf<typeof remote, S>;

/** A program and its handlers. Made by `bindProgram`, which checks that they fit. */
export interface ProgramBinding<S> {
  readonly program: Program;
  readonly handlers: Readonly<Record<string, Handler<unknown, unknown, S> | undefined>>;
}

/** What a client may use up. */
export interface RpcLimits {
  /** Calls of one client served at once. Default 5. */
  readonly maxInFlight: number;
  /** Bytes of events waiting for one client. Default 8 MiB. */
  readonly eventQueueBytes: number;
  /** Bytes received on one stream and not consumed yet. Default 1 MiB. */
  readonly streamQueueBytes: number;
  /** Silence before the daemon pings, in milliseconds. Default 5000. */
  readonly keepaliveIntervalMs: number;
  /** Pings unanswered before it hangs up. Default 5. */
  readonly keepaliveCount: number;
}

/** What the door supplies. */
export interface RpcServiceOptions<S> {
  readonly programs: readonly ProgramBinding<S>[];
  /** Make what `session.state` holds. */
  openState(peer: Peer, kind: SocketKind): S;
  /** Throw to refuse a call. Nothing of its payload has been decoded. */
  authorize(session: ServerSession<S>, procedure: ProcedureInfo): void;
  /** Throw to refuse a call for its arguments. Asked only where `procedure.readOnly` is a condition. */
  authorizeArgs?(session: ServerSession<S>, procedure: ProcedureInfo, args: object): void;
  /** The error for a declared procedure without handler. */
  unsupported(procedure: ProcedureInfo): Error;
  /** Put an error into the struct that clients understand. Must not throw. */
  toRemoteError(error: unknown): RemoteErrorBody;
  readonly limits?: Partial<RpcLimits>;
}

/** Bind handlers to their program. */
export declare function bindProgram<P extends Program, S>(
  program: P,
  handlers: HandlersOf<P, S>,
): ProgramBinding<S>;

/** Serves clients. */
export declare class RpcService<S> {
  constructor(options: RpcServiceOptions<S>);
  accept(socket: Duplex, peer: Peer, kind: SocketKind): ServerSession<S>;
  close(): void;
}
