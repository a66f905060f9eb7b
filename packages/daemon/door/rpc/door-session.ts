/** What the RPC door remembers of a client, and the one way from a call to an operation. */
import { virError } from "@vireo/model/error";
import type { Noun, OperationInput, Verb } from "@vireo/model/operation/operations";
import type { Handlers, ServerCall, ServerSession } from "@vireo/rpc/server-contract";

import type { Connection } from "../../api/connection.ts";
import type { Answer } from "../../driver/contract.ts";

/** The domain events a client asked for; the old generation of clients has no callback ids. */
export interface Subscriptions {
  /** Returns the callback id. */
  readonly add: (eventId: number, uuid: string | undefined) => number;
  readonly addOld: (eventId: number) => void;
  readonly remove: (callbackId: number) => void;
  readonly removeOld: (eventId: number) => void;
  readonly close: () => void;
}

/** One for each client, from accept to hang-up. */
export interface DoorState {
  connection?: Connection;
  subscriptions?: Subscriptions;
}
export type DoorSession = ServerSession<DoorState>;
export type DoorCall = ServerCall<DoorState>;
export type DoorHandlers = Handlers<DoorState>;

/** @throws VireoError when the client has not opened a connection yet */
export function connectionOf({ state }: DoorSession): Connection {
  if (state.connection === undefined)
    throw virError("internalError", "hypervisor connection not open", { from: 7 });
  return state.connection;
}

/** Performs an operation for the caller of `call`. */
export const ask = <N extends Noun, V extends Verb<N>>(
  { session, procedure }: DoorCall,
  [noun, verb]: readonly [N, V],
  input: OperationInput<N, V>,
): Promise<Answer<N, V>> =>
  connectionOf(session).call(noun, verb, { input, label: procedure.api ?? procedure.name });

/** The name under which libvirt's driver would report a wrong argument: `qemuDomainGetState`. */
export const driverFunction = ({ session }: DoorCall, name: string): string =>
  `${connectionOf(session).driver.name === "TEST" ? "test" : "qemu"}${name}`;
