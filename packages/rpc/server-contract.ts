/** What the door and the server promise each other; `server.ts` explains it. */
import type {
  ArgsOf,
  CallName,
  CallProcedure,
  EventName,
  MessageOf,
  Program,
  RetOf,
} from "./program/procedure.ts";
import type { remote } from "./program/remote.ts";
import type { remoteError } from "./program/remote/type.ts";
import type { StreamChunk } from "./stream.ts";
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

/** One connected client. */
export interface ServerSession<S> {
  /** Unique in this service's life, from 1. */
  readonly id: number;
  /** When it connected. */
  readonly since: Date;
  readonly peer: Peer;
  readonly kind: SocketKind;
  /** The door's own, from `openState`. */
  readonly state: S;
  /** Send an event. Dropped when the session is over. */
  sendEvent<P extends Program, N extends EventName<P>>(
    program: P,
    name: N,
    body: MessageOf<P, N>,
  ): void;
  /** Ping the client when it is silent; asked for by feature 10. */
  startKeepalive(): void;
  /** Take no more calls, and hang up when the replies of those in flight have left. */
  closeAfterReplies(): void;
  /** Hang up now. */
  close(reason: string): void;
  /** Called once when the session is over, at once when it already is. */
  onClose(listener: (reason: string) => void): void;
}

/** The daemon's end of a stream. */
export interface ServerStream {
  /**
   * What the client sends; ends with its finish, throws StreamClosedError on abort and disconnect.
   * A chunk is good until the next one is asked for: its memory is used again.
   */
  readonly incoming: AsyncIterable<StreamChunk>;
  /** Aborts when the client has finished, aborted or gone. */
  readonly signal: AbortSignal;
  /** Send bytes; resolves when they are copied and there is room for more. */
  write(data: Uint8Array): Promise<void>;
  /** Send a hole of so many bytes. */
  writeHole(bytes: bigint): Promise<void>;
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
