/** A client's connection to one driver: every door's calls pass here. */
import { explainError, isError, virError, type VireoError } from "@vireo/model/error";
import {
  OPERATIONS,
  type Noun,
  type OperationInput,
  type Verb,
} from "@vireo/model/operation/operations";
import type { Operation } from "@vireo/model/operation/operation";
import type { Answer, Call, Caller, Driver } from "../driver/contract.ts";
import { checkAccess } from "./access.ts";
import { isAudited, subjectOf, type Audit } from "./audit.ts";

type AnyHandler = (input: unknown, call: Call) => unknown;

export class Connection {
  readonly uri: string;
  readonly driver: Driver;
  readonly caller: Caller;
  readonly #audit: Audit;
  readonly #onClose: (() => void)[] = [];

  constructor(uri: string, driver: Driver, { caller, audit }: { caller: Caller; audit: Audit }) {
    this.uri = uri;
    this.driver = driver;
    this.caller = caller;
    this.#audit = audit;
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
    const answer = await this.#perform(operation, input as Readonly<Record<string, unknown>>, {
      handler: (this.driver[noun] as Readonly<Record<string, AnyHandler | undefined>>)[verb],
      label: label ?? operation.name,
    });
    return answer as Answer<N, V>; // the handler's type is Handler<N, V>
  }

  /** The same for an operation found by name; `input` has passed the operation's own check. */
  callNamed(operation: Operation, input: unknown): Promise<unknown> {
    const [noun = "", verb = ""] = operation.name.split(".");
    const roles: Readonly<Record<string, unknown>> = {
      connect: this.driver.connect,
      domain: this.driver.domain,
    };
    const role = roles[noun] as Readonly<Record<string, AnyHandler | undefined>> | undefined; // a Role by construction
    return this.#perform(operation, input as Readonly<Record<string, unknown>>, {
      handler: role?.[verb],
      label: operation.name,
    });
  }

  async #perform(
    operation: Operation,
    input: Readonly<Record<string, unknown>>,
    { handler, label }: { handler: AnyHandler | undefined; label: string },
  ): Promise<unknown> {
    const { caller } = this;
    checkAccess(operation, input, { caller, label });
    if (handler === undefined)
      throw virError("noSupport", label, { from: this.driver.errorDomain });
    const started = performance.now();
    const note = (result: "ok" | "failed", error?: string): void => {
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
      const answer = await handler(input, {
        caller,
        uri: this.uri,
        onDisconnect: (then) => this.onClose(then),
      });
      note("ok");
      return answer;
    } catch (error) {
      note("failed", explainError(error));
      throw this.#translated(error, operation);
    }
  }

  /** Our own errors pass with the driver's name on them; anything else is our bug and says so. */
  #translated(error: unknown, operation: Operation): VireoError {
    if (isError(error))
      return error.from === undefined ? error.spokenBy(this.driver.errorDomain) : error;
    return virError("internalError", `${operation.name}: ${explainError(error)}`, {
      from: this.driver.errorDomain,
      cause: error,
    });
  }

  onClose(then: () => void): void {
    this.#onClose.push(then);
  }

  /** Ends the connection: whatever was to end with it ends now. */
  close(): void {
    for (const then of this.#onClose.splice(0)) then();
  }
}
