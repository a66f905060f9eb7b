/** Server-sent events as an async iterator that resumes by itself. */
import type { Send } from "./send.ts";
import { problemIn } from "./http-error.ts";

export interface DaemonEvent {
  readonly id: string;
  readonly at: string;
  /** `domain`, `storagePool` ..., or `feed`: `gap` says that events were lost. */
  readonly noun: string;
  readonly event: { readonly kind: string } & Readonly<Record<string, unknown>>;
}

export interface EventOptions {
  /** Only of this noun. */
  readonly noun?: string;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
  /** The id after which to go on. */
  readonly after?: string;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;

/** The `data:` of each message; other fields and comments are passed over. */
async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const blocks = `${rest}${text}`.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = block
        .split("\n")
        .filter((line) => line.startsWith("data: "))
        .map((line) => line.slice("data: ".length));
      if (data.length > 0) yield data.join("\n");
    }
  }
}

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/**
 * What happens from now on. After a lost connection it goes on where it was, and tells with a `feed`
 * event of kind `gap` when something was missed.
 * @throws HttpProblem when the daemon refuses
 */
export async function* readEvents(
  send: Send,
  { noun, signal, after }: EventOptions,
): AsyncGenerator<DaemonEvent, void> {
  let last = after;
  let wait = FIRST_WAIT_MS;
  const path = noun === undefined ? "/v1/events" : `/v1/events?noun=${encodeURIComponent(noun)}`;
  while (!isAborted(signal)) {
    try {
      const headers = {
        accept: "text/event-stream",
        ...(last === undefined ? {} : { "last-event-id": last }),
      };
      const response = await send(path, { headers, ...(signal === undefined ? {} : { signal }) });
      if (!response.ok) throw await problemIn(response);
      if (response.body === null) return;
      for await (const data of messages(response.body)) {
        const event = JSON.parse(data) as DaemonEvent; // the daemon's own
        last = event.id;
        wait = FIRST_WAIT_MS;
        yield event;
      }
    } catch (error) {
      if (isAborted(signal)) return;
      if (error instanceof Error && error.name === "HttpProblem") throw error;
    }
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}
