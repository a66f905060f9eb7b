/**
 * The daemon's half of the protocol. The door declares handlers by procedure name and says who may
 * call what; everything about packets, order, limits, streams and keepalive happens here.
 *
 *     const service = new RpcService<DoorState>({
 *       programs: [bindProgram<typeof remote, DoorState>(remote, { domainGetInfo, ... })],
 *       openState: (peer, kind) => new DoorState(peer, kind),   // -> session.state, one per client
 *       authorize: (session, procedure) => { ... },             // before the payload is decoded; throws
 *       unsupported: (procedure) => virError("noSupport", procedure.api),  // no handler for it
 *       toRemoteError: (error) => ...,                          // ours -> struct remote_error
 *     });
 *     listener.on("connection", (socket) => service.accept(socket, peerOf(socket), "rw"));
 *
 * A handler takes decoded arguments and returns (a promise of) the result; what it throws becomes an
 * error reply. Up to `limits.maxInFlight` calls of one client run at once; the next one waits until a
 * reply has left, and everything after it too. Replies may overtake each other.
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
 * (CONNECT_CLOSE), `close(reason)` (now), `onClose(listener)`. The types are in `server-contract.ts`.
 */
import type { Duplex } from "node:stream";
import type { Program } from "./program/procedure.ts";
import type {
  HandlersOf,
  Peer,
  ProgramBinding,
  RpcLimits,
  RpcServiceOptions,
  ServerSession,
  SocketKind,
} from "./server-contract.ts";
import { CallGate } from "./call-gate.ts";
import { ProcedureTable } from "./procedure-table.ts";
import { RpcSession, type SessionContext } from "./server-session.ts";

const DEFAULT_LIMITS: RpcLimits = {
  maxInFlight: 5,
  eventQueueBytes: 8 * 1024 * 1024,
  streamQueueBytes: 1024 * 1024,
  keepaliveIntervalMs: 5000,
  keepaliveCount: 5,
};

/** libvirtd's. */
const CLIENTS_MAX = 5000;
/** As many as that many clients can have under way: a call that hangs takes no place from another client's. */
const CALL_PLACES = { any: CLIENTS_MAX * DEFAULT_LIMITS.maxInFlight, high: 5 };

/** Bind handlers to their program. The type arguments must be given: `bindProgram<typeof remote, S>`. */
export function bindProgram<P extends Program, S>(
  program: P,
  handlers: HandlersOf<P, S>,
): ProgramBinding<S> {
  // the session only ever passes a handler what its own procedure decoded
  return { program, handlers: handlers as ProgramBinding<S>["handlers"] };
}

/** Serves clients. */
export class RpcService<S> {
  readonly #context: SessionContext<S>;
  readonly #sessions = new Set<RpcSession<S>>();
  /** How many calls of all clients are served at once. */
  readonly calls = new CallGate(CALL_PLACES);
  /** Who comes when so many are connected is hung up on. */
  clientsMax = CLIENTS_MAX;
  #nextId = 1;

  constructor(options: RpcServiceOptions<S>) {
    const table = new ProcedureTable(options.programs);
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#context = { table, options, limits, calls: this.calls };
  }

  /** Clients connected now. */
  get sessions(): readonly ServerSession<S>[] {
    return [...this.#sessions];
  }

  /** Serve a connected socket until it closes. */
  accept(socket: Duplex, peer: Peer, kind: SocketKind): ServerSession<S> {
    const state = this.#context.options.openState(peer, kind);
    const session = new RpcSession<S>(
      socket,
      { id: this.#nextId, peer, kind, state },
      this.#context,
    );
    this.#nextId += 1;
    if (this.#sessions.size >= this.clientsMax) {
      session.close("Too many clients are connected");
      return session;
    }
    this.#sessions.add(session);
    session.onClose(() => this.#sessions.delete(session));
    return session;
  }

  /** Hang up on everyone. */
  close(): void {
    for (const session of this.#sessions) session.close("The daemon is stopping");
  }
}
