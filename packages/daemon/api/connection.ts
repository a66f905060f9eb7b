/** A client's connection to one driver: every door's calls pass here. */
import {
  explainError,
  isError,
  virError,
  type ErrorDomainNumber,
  type VireoError,
} from "@vireo/model/error";
import {
  OPERATIONS,
  type Noun,
  type OperationInput,
  type Verb,
} from "@vireo/model/operation/operations";
import type { Operation } from "@vireo/model/operation/operation";
import type { Answer, Call, Caller, Driver, DriverEvents, Followed } from "../driver/contract.ts";
import { onBehalf } from "../state/on-behalf.ts";
import { checkAccess } from "./access.ts";
import { isAudited, subjectOf, type Audit } from "./audit.ts";
import type { Meter } from "./meter.ts";

type AnyHandler = (input: unknown, call: Call) => unknown;

export class Connection {
  readonly uri: string;
  /** The hypervisor's. */
  readonly driver: Driver;
  readonly #drivers: readonly Driver[];
  readonly caller: Caller;
  readonly #audit: Audit;
  readonly #meter: Meter;
  readonly #onClose: (() => void)[] = [];

  constructor(
    uri: string,
    drivers: readonly [Driver, ...Driver[]],
    { caller, audit, meter }: { caller: Caller; audit: Audit; meter: Meter },
  ) {
    this.uri = uri;
    this.driver = drivers[0];
    this.#drivers = drivers;
    this.caller = caller;
    this.#audit = audit;
    this.#meter = meter;
  }

  /**
   * Performs one operation for this client.
   * `label` is the client's own name of the call (libvirt's function), for messages.
   * @throws VireoError
   */
  async call<N extends Noun, V extends Verb<N>>(
    noun: N,
    verb: V,
    { input, label }: { input: OperationInput<N, V>; label?: string },
  ): Promise<Answer<N, V>> {
    const operation: Operation = OPERATIONS[noun][verb] as Operation; // the index is typed by Verb<N>
    return this.#perform(operation, input, { label: label ?? operation.name }) as Promise<
      Answer<N, V>
    >; // by Handler<N, V>
  }

  /** The same for an operation found by name; `input` has passed the operation's own check. */
  callNamed(operation: Operation, input: unknown, followed: Followed = {}): Promise<unknown> {
    return this.#perform(operation, input, { label: operation.name, ...followed });
  }

  /** @throws VireoError `operationDenied` when the caller may not ask for the operation at all */
  mustBeAllowed(operation: Operation): void {
    checkAccess(operation, {}, { caller: this.caller, label: operation.name });
  }

  /** What a driver of this connection tells of; none when no driver serves the noun. */
  events<N extends keyof DriverEvents>(noun: N): DriverEvents[N] {
    return this.#serving(noun).events[noun];
  }

  #serving(noun: string): Driver {
    return this.#drivers.find(({ roles }) => Object.hasOwn(roles, noun)) ?? this.driver;
  }

  async #perform(
    operation: Operation,
    given: unknown,
    { label, ...followed }: Followed & { readonly label: string },
  ): Promise<unknown> {
    const { caller } = this;
    const input = given as Readonly<Record<string, unknown>>; // every operation takes a record
    checkAccess(operation, input, { caller, label });
    const [noun = "", verb = ""] = operation.name.split(".");
    const { roles, errorDomain } = this.#serving(noun);
    const role = (roles as Readonly<Record<string, unknown>>)[noun];
    const handler = (role as Readonly<Record<string, AnyHandler | undefined>> | undefined)?.[verb]; // a Role
    if (handler === undefined) throw virError("noSupport", label, { from: errorDomain });
    const started = performance.now();
    const end = this.#meter.begin(operation.lane);
    const note = (result: "ok" | "failed", error?: string): void => {
      end(result);
      if (!isAudited(operation)) return;
      this.#audit({
        operation: operation.name,
        caller,
        subject: subjectOf(input),
        result,
        ms: performance.now() - started,
        ...(error === undefined ? {} : { error }),
      });
    };
    try {
      const call = {
        caller,
        uri: this.uri,
        onDisconnect: (then: () => void) => this.onClose(then),
        ...followed,
      };
      const answer = await onBehalf({ by: caller.name, operation: operation.name }, () =>
        handler(input, call),
      );
      note("ok");
      return answer;
    } catch (error) {
      note("failed", explainError(error));
      throw translated(error, operation, errorDomain);
    }
  }

  onClose(then: () => void): void {
    this.#onClose.push(then);
  }

  /** Ends the connection: whatever was to end with it ends now. */
  close(): void {
    for (const then of this.#onClose.splice(0)) then();
  }
}

/** Our own errors pass with the driver's name on them; anything else is our bug and says so. */
function translated(error: unknown, { name }: Operation, from: ErrorDomainNumber): VireoError {
  if (isError(error)) return error.from === undefined ? error.spokenBy(from) : error;
  return virError("internalError", `${name}: ${explainError(error)}`, { from, cause: error });
}
