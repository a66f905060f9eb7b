/**
 * What one may ask of the daemon, said once. Every door (RPC, HTTP, CLI), the access check, the
 * audit line and the reference page derive from these declarations.
 */
import { record, type RecordOf, type Value, type ValueType } from "./value.ts";

/** libvirt's access-control objects and permissions, written `object:permission`. */
export type Permission =
  `${"connect" | "domain" | "network" | "interface" | "network_port" | "node_device" | "nwfilter" | "nwfilter_binding" | "storage_pool" | "storage_vol" | "secret"}:${string}`;

/** A permission that is always needed, or only when the boolean input `if` is true. */
export type AccessRule = Permission | { readonly permission: Permission; readonly if: string };

/**
 * `read` answers at once from the last published state; `modify` waits its turn in the object's
 * queue; `long` also yields a job.
 */
export type Lane = "read" | "modify" | "long";

/**
 * What goes on while the operation works, and is asked for progress or told to end: the `domain`'s
 * one long job; a `backup`, which goes on after the answer; the block job of a `disk`, which does
 * too; or the operation's `own` work, which hears the call's signal.
 */
export type JobKind = "domain" | "backup" | "disk" | "own";

export interface Operation<In = unknown, Out = unknown> {
  readonly name: string;
  readonly doc: string;
  readonly access: readonly AccessRule[];
  readonly lane: Lane;
  readonly input: Value<In>;
  readonly output: Value<Out>;
  /** How its progress is found and how it is cancelled; it can be neither when absent. */
  readonly job?: JobKind;
  /** Bytes that flow beside the answer, seen from the client. */
  readonly stream?: "read" | "write" | "both";
}
export type InputOf<O> = O extends Operation<infer In, infer _Out> ? In : never;
export type OutputOf<O> = O extends Operation<infer _In, infer Out> ? Out : never;

type Fields = Readonly<Record<string, Value<unknown>>>;
interface Declared<F extends Fields, V extends Value<unknown>> {
  readonly doc: string;
  readonly access: readonly AccessRule[];
  readonly lane: Lane;
  readonly job?: JobKind;
  readonly input: F;
  readonly output: V;
}

export const operation = <const F extends Fields, const V extends Value<unknown>>(
  name: string,
  declared: Declared<F, V>,
): Operation<RecordOf<F>, ValueType<V>> => ({
  ...declared,
  name,
  input: record(declared.input),
  // the same declaration, seen as the checker of its own type
  output: declared.output as Value<ValueType<V>>,
});

/** An operation that opens a stream of bytes. */
export const streaming = <
  const F extends Fields,
  const V extends Value<unknown>,
  const S extends "read" | "write" | "both",
>(
  name: string,
  stream: S,
  declared: Declared<F, V>,
): Operation<RecordOf<F>, ValueType<V>> & { readonly stream: S } => ({
  ...operation(name, declared),
  stream,
});
