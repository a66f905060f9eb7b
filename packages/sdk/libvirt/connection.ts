import type { Operation } from "@vireo/model/operation/operation";
import type { CallOptions, RpcClient, StreamReply } from "@vireo/rpc/client";
import { DisconnectedError } from "@vireo/rpc/client-error";
import type { ArgsOf, CallName, Program, RetOf } from "@vireo/rpc/program/procedure";
import { qemu } from "@vireo/rpc/program/qemu";
import type { RemoteArgs, RemoteCallName, RemoteRet } from "@vireo/rpc/program/remote";
import type { remote } from "@vireo/rpc/program/remote";
import { knownRemotePart, remotePart } from "@vireo/rpc/program/remote-part";
import { vireo } from "@vireo/rpc/program/vireo";
import type { EventBody, EventHub } from "./event-hub.ts";
import { EventStream } from "./event-stream.ts";
import type { EventNameOf, EventSource } from "./event-table.ts";
import { LibvirtError, NotVireoError, withLibvirtErrors } from "./libvirt-error.ts";

/** Arguments, which a procedure without any does without, and options. */
type CallParameters<A> = [A] extends [void]
  ? [args?: undefined, options?: CallOptions]
  : [args: A, options?: CallOptions];

/** What a connection is told about itself. */
interface ConnectionFacts {
  readonly uri: string;
  readonly timeoutMs: number;
}

const ERR_RPC = 39;

/** Whether the daemon has no program of that number. */
const isUnknownProgram = (error: unknown): boolean =>
  error instanceof LibvirtError &&
  error.code === ERR_RPC &&
  error.message.startsWith("Cannot find program");

/** How long `close` waits for the daemon's goodbye. */
const GOODBYE_MS = 2000;

/**
 * An open connection. Every procedure of libvirt is `call("domainGetInfo", { dom })` with libvirt's
 * own field names; 64-bit numbers are bigint, UUIDs text. Made by `connect`. It does not reconnect.
 */
export class LibvirtConnection {
  /** The protocol client, for what this class does not cover. */
  readonly rpc: RpcClient;
  /** The URI given to `connect`. */
  readonly uri: string;
  readonly #timeoutMs: number;
  #events: Promise<EventHub> | undefined;
  /** Settles when the parts of the protocol that were asked for are read; calls keep their order. */
  #reading: Promise<unknown> | undefined;

  constructor(rpc: RpcClient, { uri, timeoutMs }: ConnectionFacts) {
    this.rpc = rpc;
    this.uri = uri;
    this.#timeoutMs = timeoutMs;
  }

  /** Resolves with the reason when the connection has ended. */
  get closed(): Promise<string> {
    return this.rpc.closed;
  }

  /** Call a procedure. Throws LibvirtError, DeadlineError, DisconnectedError. */
  async call<N extends RemoteCallName>(
    name: N,
    ...[args, options]: CallParameters<RemoteArgs<N>>
  ): Promise<RemoteRet<N>> {
    const program = this.#known(name) ?? (await this.#read(name));
    // a procedure without arguments takes undefined
    return await this.#call(program, name, { args: args as RemoteArgs<N>, options });
  }

  /** Call a procedure of the QEMU driver's own program. */
  async callQemu<N extends CallName<typeof qemu>>(
    name: N,
    ...[args, options]: CallParameters<ArgsOf<typeof qemu, N>>
  ): Promise<RetOf<typeof qemu, N>> {
    return await this.#call(qemu, name, { args: args as ArgsOf<typeof qemu, N>, options });
  }

  /** Call a procedure that opens a stream: console, channel, screenshot, upload, download. */
  async callStream<N extends RemoteCallName>(
    name: N,
    args: RemoteArgs<N>,
    options: CallOptions = {},
  ): Promise<StreamReply<RemoteRet<N>>> {
    const { rpc } = this;
    const program = this.#known(name) ?? (await this.#read(name));
    return await withLibvirtErrors(() => rpc.callStream(program, name, args, this.#timed(options)));
  }

  /** Run one of Vireo's operations; its declaration gives the types. Throws as `vireo` does. */
  async run<In, Out>(
    operation: Operation<In, Out>,
    input: In,
    options: CallOptions = {},
  ): Promise<Out> {
    const output = await this.vireo(operation.name, input, options);
    return operation.output.check(output, operation.name);
  }

  /**
   * Run one of Vireo's operations by name; input and output are JSON. Throws LibvirtError,
   * NotVireoError when the daemon is a libvirtd, DeadlineError, DisconnectedError.
   */
  async vireo(operation: string, input: unknown, options: CallOptions = {}): Promise<unknown> {
    const args = { operation, input: JSON.stringify(input) };
    try {
      const { output } = await this.#call(vireo, "operationCall", { args, options });
      return JSON.parse(output);
    } catch (error) {
      if (!isUnknownProgram(error)) throw error;
      throw new NotVireoError(`Cannot run ${operation}: this daemon is no vireod`, {
        cause: error,
      });
    }
  }

  /** Call `listener` for every such event; resolves, once registered, with how to stop. */
  async on<S extends EventSource, N extends EventNameOf<S>>(
    source: S,
    name: N,
    listener: (body: EventBody<S, N>) => void,
  ): Promise<() => Promise<void>> {
    this.#events ??= import("./event-hub.ts").then((module) => new module.EventHub(this.rpc));
    return await (await this.#events).on(source, name, listener);
  }

  /** Events to iterate over: `for await (const event of await c.events("domain", "lifecycle"))`. */
  async events<S extends EventSource, N extends EventNameOf<S>>(
    source: S,
    name: N,
  ): Promise<EventStream<EventBody<S, N>>> {
    let stop = (): Promise<void> => Promise.resolve();
    const stream = new EventStream<EventBody<S, N>>(() => stop());
    stop = await this.on(source, name, (body) => {
      stream.push(body);
    });
    void this.closed.then((reason) => {
      stream.fail(new DisconnectedError(`Connection lost while waiting for events: ${reason}`));
    });
    return stream;
  }

  /** Say goodbye and hang up. Never throws. */
  async close(): Promise<void> {
    if (!this.rpc.isClosed) {
      const goodbye = this.call("connectClose", undefined, { timeoutMs: GOODBYE_MS });
      await goodbye.catch(() => undefined);
    }
    this.rpc.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #known(name: RemoteCallName): typeof remote | undefined {
    return this.#reading === undefined ? knownRemotePart(name) : undefined;
  }

  async #read(name: RemoteCallName): Promise<typeof remote> {
    const part = Promise.all([remotePart(name), this.#reading]).then(([read]) => read);
    this.#reading = part;
    try {
      return await part;
    } finally {
      if (this.#reading === part) this.#reading = undefined;
    }
  }

  async #call<P extends Program, N extends CallName<P>>(
    program: P,
    name: N,
    { args, options = {} }: { args: ArgsOf<P, N>; options: CallOptions | undefined },
  ): Promise<RetOf<P, N>> {
    return await withLibvirtErrors(() => this.rpc.call(program, name, args, this.#timed(options)));
  }

  #timed(options: CallOptions): CallOptions {
    return { timeoutMs: this.#timeoutMs, ...options };
  }
}
