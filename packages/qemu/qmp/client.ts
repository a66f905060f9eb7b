/**
 * A client of one QEMU's monitor (QMP, docs/interop/qmp-spec).
 *
 *     connecting --greeting, capabilities--> ready --end, error, bad data, close()--> closed
 *
 * Each command has a deadline. An answer that comes later is dropped by its id and can never be
 * taken for another command's. When the connection ends every waiter is released.
 */
import { createConnection, type Socket } from "node:net";
import { within } from "../deadline.ts";
import { jsonText, type JsonObject } from "../json.ts";
import { LineSplitter } from "./line-splitter.ts";
import { isMessage, parseMessage, type Message } from "./parse-message.ts";
import { QmpBusyError, QmpClosedError, QmpError, QmpTimeoutError } from "./qmp-error.ts";

/** Largest message accepted from QEMU: libvirt's own limit. */
const MESSAGE_LIMIT = 10 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;
const WAITING_LIMIT = 1000;
/** Bytes that QEMU has not taken yet. */
const UNSENT_LIMIT = 4 * 1024 * 1024;

export interface QmpEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Microseconds since the epoch, by the host's clock. */
  readonly timestampUs: number;
}

export interface QmpGreeting {
  /** major, minor, micro */
  readonly version: readonly [number, number, number];
  readonly package: string;
}

export interface QmpOptions {
  readonly onEvent?: (event: QmpEvent) => void;
  /** Called once, however the connection ended. */
  readonly onClose?: (reason: QmpClosedError) => void;
  /** For greeting and capabilities together; 30 s by default. */
  readonly timeoutMs?: number;
  /** Writes text to the socket and passes a descriptor with it; Node itself cannot. */
  readonly sendDescriptor?: (socket: Socket, text: string, fd: number) => void;
}

export interface ExecuteOptions {
  readonly timeoutMs?: number;
  /** Goes with the command (`getfd`, `add-fd`); remains the caller's to close. */
  readonly fd?: number;
}

interface Waiter {
  readonly command: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

const field = (message: unknown, name: string): unknown =>
  isMessage(message) ? message[name] : undefined;
const number = (value: unknown): number => (typeof value === "number" ? value : 0);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export class QmpClient {
  readonly #socket: Socket;
  readonly #lines = new LineSplitter(MESSAGE_LIMIT);
  readonly #waiters = new Map<string, Waiter>();
  readonly #options: QmpOptions;
  readonly #greeting = Promise.withResolvers<QmpGreeting>();
  #next = 0;
  #closed: QmpClosedError | undefined;

  private constructor(socket: Socket, options: QmpOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#greeting.promise.catch(() => undefined); // whoever waits for it hears of it
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error) => this.#end("connection failed", error));
    socket.on("close", () => this.#end("end of file"));
  }

  /**
   * Connects to a monitor's socket, or takes one that is connected, and negotiates.
   * @throws QmpClosedError, QmpTimeoutError, QmpError
   */
  static async connect(target: string | Socket, options: QmpOptions = {}): Promise<QmpClient> {
    const socket = typeof target === "string" ? createConnection(target) : target;
    const client = new QmpClient(socket, options);
    try {
      const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
      await within(
        client.#greeting.promise,
        timeoutMs,
        () => new QmpTimeoutError("greeting", timeoutMs),
      );
      await client.execute("qmp_capabilities", {}, options);
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** What QEMU said of itself. */
  get greeting(): Promise<QmpGreeting> {
    return this.#greeting.promise;
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Runs a command and gives what it returns.
   * @throws QmpError when QEMU refuses, QmpTimeoutError, QmpBusyError, QmpClosedError
   */
  execute(
    command: string,
    args: JsonObject = {},
    { timeoutMs = DEFAULT_TIMEOUT_MS, fd }: ExecuteOptions = {},
  ): Promise<unknown> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (this.#isFull()) return Promise.reject(new QmpBusyError(command));
    const id = `vireo-${++this.#next}`;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      this.#waiters.delete(id);
      reject(new QmpTimeoutError(command, timeoutMs));
    }, timeoutMs);
    this.#waiters.set(id, { command, resolve, reject, timer });
    try {
      this.#send(`${jsonText({ execute: command, arguments: args, id })}\n`, fd);
    } catch (error) {
      clearTimeout(timer);
      this.#waiters.delete(id);
      reject(error);
    }
    return promise;
  }

  #send(text: string, fd: number | undefined): void {
    if (fd === undefined) this.#socket.write(text);
    else if (this.#options.sendDescriptor) this.#options.sendDescriptor(this.#socket, text, fd);
    else throw new Error("nobody can pass a descriptor on this connection");
  }

  /** A QEMU that reads nothing must not make us hold ever more for it. */
  #isFull(): boolean {
    return this.#waiters.size >= WAITING_LIMIT || this.#socket.writableLength > UNSENT_LIMIT;
  }

  /** Hangs up; QEMU goes on. */
  close(): void {
    this.#end("closed by us");
  }

  #read(chunk: Buffer): void {
    try {
      for (const line of this.#lines.push(chunk)) this.#take(parseMessage(line));
    } catch (error) {
      this.#end("QEMU sent something that is not QMP", error);
    }
  }

  #take(message: Message): void {
    if ("QMP" in message) this.#greet(message["QMP"]);
    else if ("event" in message) this.#event(message);
    else this.#answer(message);
  }

  #greet(qmp: unknown): void {
    const version = field(qmp, "version");
    const qemu = field(version, "qemu");
    const [major, minor, micro] = ["major", "minor", "micro"].map((name) =>
      number(field(qemu, name)),
    );
    this.#greeting.resolve({
      version: [major ?? 0, minor ?? 0, micro ?? 0],
      package: textOf(field(version, "package")),
    });
  }

  #event(message: Message): void {
    const { timestamp, data } = message;
    this.#options.onEvent?.({
      name: textOf(message["event"]),
      data: isMessage(data) ? data : {},
      timestampUs:
        number(field(timestamp, "seconds")) * 1e6 + number(field(timestamp, "microseconds")),
    });
  }

  #answer(message: Message): void {
    const id = textOf(message["id"]);
    const waiter = this.#waiters.get(id);
    if (waiter === undefined) return; // its deadline has passed
    this.#waiters.delete(id);
    clearTimeout(waiter.timer);
    const { error } = message;
    if (error === undefined) waiter.resolve(message["return"]);
    else
      waiter.reject(
        new QmpError(waiter.command, textOf(field(error, "class")), textOf(field(error, "desc"))),
      );
  }

  #end(why: string, cause?: unknown): void {
    if (this.#closed !== undefined) return;
    const closed = new QmpClosedError(why, cause);
    this.#closed = closed;
    this.#socket.destroy();
    this.#greeting.reject(closed);
    for (const { reject, timer } of this.#waiters.values()) {
      clearTimeout(timer);
      reject(closed);
    }
    this.#waiters.clear();
    this.#options.onClose?.(closed);
  }
}
