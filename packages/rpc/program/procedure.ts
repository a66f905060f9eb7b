/** How programs and their procedures are declared; every type of a call follows from its declaration. */
import { type Fields, type StructValue, struct } from "../xdr/composite.ts";
import { none } from "../xdr/scalar.ts";
import type { XdrType } from "../xdr/xdr-type.ts";

/**
 * What a client on the read-only socket may do: everything, nothing, or all but what one argument
 * asks for (any of these bits set in `field`, or `field` equal to this value).
 */
export type ReadOnlyPolicy =
  | "allowed"
  | "denied"
  | { readonly field: string; readonly bits: number }
  | { readonly field: string; readonly equals: number };

/** What is known of a procedure besides its number and types; what is left out has the stated default. */
export interface ProcedureFacts {
  /** Public function of libvirt's C API that ends up here; named in "read only access prevents ..." */
  readonly api?: string;
  /** libvirt's access rights, `object:permission[:condition]`. */
  readonly acl?: readonly string[];
  /** Rights by which a list is filtered. */
  readonly aclFilter?: readonly string[];
  /** Default "denied". */
  readonly readOnly?: ReadOnlyPolicy;
  /** "high" is served in places kept for it when all others are taken (`CallGate`). Default "low". */
  readonly priority?: "high";
  /** A stream follows the reply: from the daemon, to the daemon, or both ways. */
  readonly stream?: "download" | "upload" | "both";
  /** File descriptors travel with the call or with the reply. */
  readonly descriptors?: "call" | "reply";
  /** Callable before the client has authenticated. */
  readonly beforeAuth?: true;
}

/** A request of the client and its reply. */
export interface CallProcedure<A, R> extends ProcedureFacts {
  readonly kind: "call";
  readonly number: number;
  readonly args: XdrType<A>;
  readonly ret: XdrType<R>;
}

/** A message that no one replies to. */
export interface EventProcedure<M> extends ProcedureFacts {
  readonly kind: "event";
  readonly number: number;
  readonly message: XdrType<M>;
}

/** Any procedure. */
export type Procedure = CallProcedure<unknown, unknown> | EventProcedure<unknown>;

/** A numbered set of procedures. */
export interface Program {
  readonly name: string;
  readonly number: number;
  readonly version: number;
  readonly procedures: Readonly<Record<string, Procedure>>;
}

/** Names of a program's calls. */
export type CallName<P extends Program> = {
  [N in keyof P["procedures"]]: P["procedures"][N] extends { kind: "call" } ? N : never;
}[keyof P["procedures"]] &
  string;

/** Names of a program's events. */
export type EventName<P extends Program> = {
  [N in keyof P["procedures"]]: P["procedures"][N] extends { kind: "event" } ? N : never;
}[keyof P["procedures"]] &
  string;

/** Arguments of a call. */
export type ArgsOf<P extends Program, N extends CallName<P>> = P["procedures"][N] extends {
  readonly args: XdrType<infer A>;
}
  ? A
  : never;

/** Result of a call. */
export type RetOf<P extends Program, N extends CallName<P>> = P["procedures"][N] extends {
  readonly ret: XdrType<infer R>;
}
  ? R
  : never;

/** Body of an event. */
export type MessageOf<P extends Program, N extends EventName<P>> = P["procedures"][N] extends {
  readonly message: XdrType<infer M>;
}
  ? M
  : never;

/** The call of that name. Its type follows from the name; the check is for callers without types. */
export function callOf<P extends Program, N extends CallName<P>>(
  program: P,
  name: N,
): CallProcedure<ArgsOf<P, N>, RetOf<P, N>> {
  const procedure = program.procedures[name];
  if (procedure?.kind !== "call") throw new TypeError(`${program.name} has no call '${name}'`);
  // ArgsOf and RetOf are read off this very declaration
  return procedure as CallProcedure<ArgsOf<P, N>, RetOf<P, N>>;
}

/** The event of that name. */
export function eventOf<P extends Program, N extends EventName<P>>(
  program: P,
  name: N,
): EventProcedure<MessageOf<P, N>> {
  const procedure = program.procedures[name];
  if (procedure?.kind !== "event") throw new TypeError(`${program.name} has no event '${name}'`);
  // MessageOf is read off this very declaration
  return procedure as EventProcedure<MessageOf<P, N>>;
}

type BodyOf<F> = F extends Fields ? StructValue<F> : void;

/** Members of the arguments and of the result; left out when there are none. */
export interface CallBodies<A extends Fields | undefined, R extends Fields | undefined> {
  readonly args?: A;
  readonly ret?: R;
}

/** Declare a call. */
export function call<
  A extends Fields | undefined = undefined,
  R extends Fields | undefined = undefined,
>(
  number: number,
  facts: ProcedureFacts,
  bodies: CallBodies<A, R> = {},
): CallProcedure<BodyOf<A>, BodyOf<R>> {
  const [args, ret] = [once(() => bodyOf(bodies.args)), once(() => bodyOf(bodies.ret))];
  return {
    kind: "call",
    number,
    ...facts,
    get args() {
      return args();
    },
    get ret() {
      return ret();
    },
  };
}

/** Made when it is first needed: of four hundred procedures most are never called. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function bodyOf<F extends Fields | undefined>(fields: F | undefined): XdrType<BodyOf<F>> {
  // the conditional type asks the same question
  return (fields === undefined ? none : struct(fields)) as XdrType<BodyOf<F>>;
}

/** Declare an event. */
export function event<F extends Fields>(
  number: number,
  fields: F,
  facts: ProcedureFacts = {},
): EventProcedure<StructValue<F>> {
  const message = once(() => struct(fields));
  return {
    kind: "event",
    number,
    ...facts,
    get message() {
      return message();
    },
  };
}
