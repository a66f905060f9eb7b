/** The typed client: every operation as a method, derived from the declarations. */
import type { Operation } from "@vireo/model/operation/operation";
import {
  OPERATIONS,
  type Noun,
  type OperationInput,
  type OperationOutput,
  type Streams,
  type Verb,
} from "@vireo/model/operation/operations";
import { requestOf, routeOf } from "@vireo/model/operation/route";
import { openedWebSocket, type ByteStream } from "./byte-stream.ts";
import { type DaemonEvent, type EventOptions, readEvents } from "./event-reader.ts";
import { problemIn } from "./http-error.ts";
import { jobOf, type Job, type JobState } from "./job.ts";
import type { Address } from "./send.ts";

/** How long a caller is willing to wait. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Deadline, Infinity for none; 60 s when absent, and none for uploads and downloads. */
  readonly timeoutMs?: number;
}

type Method<N extends Noun, V extends Verb<N>> =
  Streams<N, V> extends true
    ? never
    : Record<string, never> extends OperationInput<N, V>
      ? (input?: OperationInput<N, V>, options?: CallOptions) => Promise<OperationOutput<N, V>>
      : (input: OperationInput<N, V>, options?: CallOptions) => Promise<OperationOutput<N, V>>;

type Methods<N extends Noun> = {
  readonly [V in Verb<N> as Streams<N, V> extends true ? never : V]: Method<N, V>;
};

/** `client.domain.start({ domain: { name: "web1" } })`: each operation by noun and verb. */
export type Operations = { readonly [N in Noun]: Methods<N> };

interface Ticket {
  readonly ticket: string;
  readonly url: string;
  readonly expiresAt: string;
}

/** What one may ask of a daemon. */
export interface HttpClient extends Operations {
  /** What happens, from now on. */
  readonly events: (options?: EventOptions) => AsyncGenerator<DaemonEvent, void>;
  /** Any operation by its full name, with JSON in and out. */
  readonly call: (operation: string, input: object, options?: CallOptions) => Promise<unknown>;
  /** Any operation but a reading one as a job: it goes on when the request is answered. */
  readonly begin: (operation: string, input: object, options?: CallOptions) => Promise<Job>;
  /** What runs, and what ended lately; without results. */
  readonly jobs: (options?: CallOptions) => Promise<readonly JobState[]>;
  /** A job by its id: begun earlier, or by somebody else. */
  readonly job: (id: string) => Job;
  /** The bytes of a reading operation such as `storageVolume.download`. */
  readonly download: (
    operation: string,
    input: object,
    options?: CallOptions,
  ) => Promise<ReadableStream<Uint8Array>>;
  /** Sends bytes to a writing operation such as `storageVolume.upload`. */
  readonly upload: (
    operation: string,
    input: object,
    ...sent: [body: Blob | Uint8Array | ReadableStream<Uint8Array>, options?: CallOptions]
  ) => Promise<void>;
  /** A console, both ways: `domain.openConsole`, `domain.openGraphics`. */
  readonly stream: (operation: string, input: object, options?: CallOptions) => Promise<ByteStream>;
  /** The same as a WebSocket that has just been opened, for what wants one. */
  readonly open: (operation: string, input: object) => Promise<WebSocket>;
}

const DEADLINE_MS = 60_000;

interface Exchange {
  readonly operation: string;
  readonly input: object;
  readonly options?: CallOptions | undefined;
  readonly body?: RequestInit["body"];
  readonly headers?: Readonly<Record<string, string>>;
}

const signalOf = ({ signal, timeoutMs = DEADLINE_MS }: CallOptions): AbortSignal =>
  AbortSignal.any([
    ...(Number.isFinite(timeoutMs) ? [AbortSignal.timeout(timeoutMs)] : []),
    ...(signal === undefined ? [] : [signal]),
  ]);

/** Bytes take as long as they take. */
const unhurried = (options: CallOptions): CallOptions => ({
  timeoutMs: Number.POSITIVE_INFINITY,
  ...options,
});

class Wire {
  readonly #address: Address;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(address: Address, headers: Readonly<Record<string, string>>) {
    this.#address = address;
    this.#headers = headers;
  }

  /** @throws HttpProblem; TypeError when there is no such operation */
  async exchange({ operation, input, options, body, headers }: Exchange): Promise<Response> {
    const route = routeOf(operation);
    if (route === undefined) throw new TypeError(`There is no operation '${operation}'`);
    const { method, url, body: fields } = requestOf(route, { ...input });
    const json = body === undefined && fields !== undefined ? JSON.stringify(fields) : undefined;
    const type = body === undefined ? "application/json" : "application/octet-stream";
    const sent = body ?? json;
    return this.#ask(`/v1${url}`, {
      method,
      headers: { ...headers, ...(sent === undefined ? {} : { "content-type": type }) },
      ...(sent === undefined ? {} : { body: sent, duplex: "half" as const }),
      ...(options === undefined ? {} : { signal: signalOf(options) }),
    });
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...this.#headers, ...Object.fromEntries(new Headers(init.headers)) };
    const response = await this.#address.send(path, { ...init, headers });
    if (!response.ok) throw await problemIn(response);
    return response;
  }

  async begin(operation: string, input: object, options: CallOptions = {}): Promise<Job> {
    const headers = { prefer: "respond-async" };
    const response = await this.exchange({ operation, input, options, headers });
    if (response.status !== 202) throw new TypeError(`${operation} is no job: it answered at once`);
    return this.job(((await response.json()) as JobState).id); // the daemon's own
  }

  async jobs(options: CallOptions = {}): Promise<readonly JobState[]> {
    const response = await this.#ask("/v1/jobs", { signal: signalOf(options) });
    return ((await response.json()) as { items: readonly JobState[] }).items; // the daemon's own
  }

  job(id: string): Job {
    const path = `/v1/jobs/${encodeURIComponent(id)}`;
    const line = {
      find: async () =>
        (await (await this.#ask(path, { signal: signalOf({}) })).json()) as JobState, // the daemon's own
      cancel: async () => {
        const response = await this.#ask(path, { method: "DELETE", signal: signalOf({}) });
        await response.body?.cancel();
      },
      events: (signal: AbortSignal) => this.events({ noun: "job", signal }),
    };
    return jobOf(line, id);
  }

  async call(operation: string, input: object, options: CallOptions = {}): Promise<unknown> {
    const response = await this.exchange({ operation, input, options });
    if (response.status === 204) return undefined;
    const type = response.headers.get("content-type") ?? "";
    if (!type.includes("json")) return response.text();
    const answer: unknown = await response.json();
    const isPage = typeof answer === "object" && answer !== null && "items" in answer;
    return operation.endsWith(".list") && isPage ? answer.items : answer;
  }

  /** A ticket for the bytes of a console. */
  async #ticket(operation: string, input: object, options: CallOptions): Promise<Ticket> {
    const response = await this.exchange({ operation, input, options });
    return (await response.json()) as Ticket; // the daemon's own
  }

  async open(operation: string, input: object): Promise<WebSocket> {
    const { webSocketUrl } = this.#address;
    if (webSocketUrl === undefined)
      throw new TypeError("There are no WebSockets over a Unix socket: use stream");
    return openedWebSocket(webSocketUrl((await this.#ticket(operation, input, {})).url));
  }

  async stream(operation: string, input: object, options: CallOptions = {}): Promise<ByteStream> {
    return this.#address.openBytes((await this.#ticket(operation, input, options)).url);
  }

  events(options: EventOptions = {}): AsyncGenerator<DaemonEvent, void> {
    const { send } = this.#address;
    const asked = (path: string, init: RequestInit) =>
      send(path, {
        ...init,
        headers: { ...this.#headers, ...Object.fromEntries(new Headers(init.headers)) },
      });
    return readEvents(asked, options);
  }
}

type AnyMethod = (input?: object, options?: CallOptions) => Promise<unknown>;

/** `headers` go with every request: a token, or the proof of a session. */
export function httpClient(
  address: Address,
  headers: Readonly<Record<string, string>> = {},
): HttpClient {
  const wire = new Wire(address, headers);
  const methodOf =
    ({ name, output }: Operation): AnyMethod =>
    async (input = {}, options = {}) =>
      output.check(await wire.call(name, input, options), name);
  const nouns = Object.entries(OPERATIONS).map(([noun, verbs]) => [
    noun,
    Object.fromEntries(
      Object.entries(verbs).map(([verb, operation]) => [verb, methodOf(operation as Operation)]), // each is one
    ),
  ]);
  return {
    ...(Object.fromEntries(nouns) as Operations), // Methods<N> says what methodOf makes of the list
    events: (options) => wire.events(options),
    call: (operation, input, options) => wire.call(operation, input, options),
    download: async (operation, input, options = {}) => {
      const { body } = await wire.exchange({ operation, input, options: unhurried(options) });
      return body ?? new Blob([]).stream();
    },
    upload: async (operation, input, ...[body, options = {}]) => {
      // fetch takes all three
      const exchange = { operation, input, body: body as RequestInit["body"] };
      await wire.exchange({ ...exchange, options: unhurried(options) });
    },
    begin: (operation, input, options) => wire.begin(operation, input, options),
    jobs: (options) => wire.jobs(options),
    job: (id) => wire.job(id),
    stream: (operation, input, options) => wire.stream(operation, input, options),
    open: (operation, input) => wire.open(operation, input),
  };
}
