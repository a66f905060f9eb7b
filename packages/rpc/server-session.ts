import type { EventName, MessageOf, Program } from "./program/procedure.ts";
import type { Peer, SocketKind } from "./server.ts";
/** One connected client. */
export declare class ServerSession<S> {
  readonly id: number;
  readonly peer: Peer;
  readonly kind: SocketKind;
  readonly state: S;
  sendEvent<P extends Program, N extends EventName<P>>(
    program: P,
    name: N,
    body: MessageOf<P, N>,
  ): void;
  startKeepalive(): void;
  closeAfterReplies(): void;
  close(reason: string): void;
  onClose(listener: (reason: string) => void): void;
}
