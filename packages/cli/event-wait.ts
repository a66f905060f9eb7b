import { CommandError } from "./answer.ts";
import type { Context } from "./context.ts";

export interface WaitOptions {
  readonly loop: boolean;
  /** In seconds. */
  readonly timeout: number | undefined;
}

/** Takes events from the daemon: tells each to `tell`, answers how to stop. */
export type Subscribe = (
  tell: (text: string, data: object) => void,
) => Promise<() => Promise<void>>;

/**
 * Prints events until there was one, or with `loop` until the timeout, an interrupt or the end of
 * the connection; then how many there were.
 * @throws CommandError without a message of its own when there was none, so that scripts can tell
 */
export async function waitForEvents(
  subscribe: Subscribe,
  { loop, timeout }: WaitOptions,
  context: Context,
): Promise<void> {
  const end = Promise.withResolvers<string>();
  const interrupted = context.interrupted();
  interrupted.addEventListener("abort", () => end.resolve("event loop interrupted\n"));
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => end.resolve("event loop timed out\n"), timeout * 1000);
  const connection = await context.connection();
  void connection.closed.then(() => end.resolve(""));
  let count = 0;
  const stop = await subscribe((text, data) => {
    if (count > 0 && !loop) return;
    count += 1;
    context.print(context.format === "text" ? `${text}\n` : `${JSON.stringify(data, asText)}\n`);
    if (!loop) end.resolve("");
  });
  const sentence = await end.promise;
  clearTimeout(timer);
  await stop().catch(() => undefined);
  if (context.format === "text") context.print(`${sentence}events received: ${count}\n`);
  if (count === 0) throw new CommandError("");
}

const asText = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? value.toString() : value;

/** `2026-01-31 23:59:59.999+0000: `, the time now. */
export const timestamp = (): string =>
  `${new Date().toISOString().replace("T", " ").replace("Z", "+0000")}: `;

/** Stops several subscriptions at once. */
export const stopAll =
  (stops: readonly (() => Promise<void>)[]): (() => Promise<void>) =>
  async () => {
    await Promise.all(stops.map(async (stop) => await stop()));
  };
