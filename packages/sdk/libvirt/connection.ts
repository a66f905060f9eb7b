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
import type { Line, LineNews } from "./line.ts";

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
 * own field names; 64-bit numbers are bigint, UUIDs text. Made by `connect`; see there for what
 * happens when the line is lost.
 */
export class LibvirtConnection {
  /** The URI given to `connect`. */
  readonly uri: string;
  readonly #timeoutMs: number;
  readonly #line: Line;
  #events: Promise<EventHub> | undefined;
  /** Settles when the parts of the protocol that were asked for are read; calls keep their order. */
  #reading: Promise<unknown> | undefined;

  constructor(line: Line, { uri, timeoutMs }: ConnectionFacts) {
    this.#line = line;
    this.uri = uri;
    this.#timeoutMs = timeoutMs;
    line.prepareWith(async (client) => (await this.#events)?.renew(client));
  }

  /** The protocol client, for what this class does not cover; another one after a lost line. */
  get rpc(): RpcClient {
    return this.#line.client;
  }

  /** Resolves with the reason when the connection has ended for good. */
  get closed(): Promise<string> {
    return this.#line.closed;
  }

  /** Calls back when the line is lost and regained, with `reconnect`; returns how to stop. */
  onLine(listener: (news: LineNews) => void): () => void {
    return this.#line.onChange(listener);
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
    const program = this.#known(name) ?? (await this.#read(name));
    return await withLibvirtErrors(() =>
      this.#line.with(this.#timed(options), (client, rest) =>
        client.callStream(program, name, args, rest),
      ),
    );
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

  /**
   * Call `listener` for every such event; resolves, once registered, with how to stop. With
   * `reconnect`, `gap` is called when events may have been missed.
   */
  async on<S extends EventSource, N extends EventNameOf<S>>(
    source: S,
    name: N,
    ...[listener, gap = () => undefined]: [
      listener: (body: EventBody<S, N>) => void,
      gap?: () => void,
    ]
  ): Promise<() => Promise<void>> {
    return await (await this.#hub()).on(source, name, { event: listener, gap, failed: gap });
  }

  #hub(): Promise<EventHub> {
    const within = { timeoutMs: this.#timeoutMs };
    const clientOf = () => this.#line.with(within, (client) => Promise.resolve(client));
    this.#events ??= import("./event-hub.ts").then((module) => new module.EventHub(clientOf));
    return this.#events;
  }

  /**
   * Events to iterate over: `for await (const event of await c.events("domain", "lifecycle"))`. When
   * some may have been missed, `onGap` is called in their place; without it reading throws EventGapError.
   */
  async events<S extends EventSource, N extends EventNameOf<S>>(
    source: S,
    name: N,
    { onGap }: { readonly onGap?: () => void } = {},
  ): Promise<EventStream<EventBody<S, N>>> {
    let stop = (): Promise<void> => Promise.resolve();
    const stream = new EventStream<EventBody<S, N>>(() => stop(), onGap);
    const hub = await this.#hub();
    stop = await hub.on(source, name, {
      event: (body) => stream.push(body),
      gap: () => stream.gap(),
      failed: (error) => stream.fail(error),
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
      this.#line.ending();
      await goodbye.catch(() => undefined);
    }
    this.#line.close();
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
    return await withLibvirtErrors(() =>
      this.#line.with(this.#timed(options), (client, rest) =>
        client.call(program, name, args, rest),
      ),
    );
  }

  #timed(options: CallOptions): CallOptions {
    return { timeoutMs: this.#timeoutMs, ...options };
  }
}
