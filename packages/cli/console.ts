/** The far end of a console: bytes both ways. */
export interface ConsoleStream {
  /** What the guest prints; ends when the daemon ends the stream. */
  readonly incoming: AsyncIterable<Uint8Array | { readonly hole: bigint }>;
  write(data: Uint8Array): Promise<void>;
  abort(): Promise<void>;
}

/** The near end: a terminal, or a pipe when `isTTY` is not true. */
export interface ConsoleTerminal {
  readonly input: NodeJS.ReadableStream & {
    readonly isTTY?: boolean;
    setRawMode?(raw: boolean): unknown;
  };
  readonly output: NodeJS.WritableStream;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/** The byte of a control character written as `^]`, or of the character itself. */
export function escapeByte(text: string): number {
  const letter = text.startsWith("^") && text.length > 1 ? text.charAt(1).toUpperCase() : text;
  const code = letter.charCodeAt(0);
  return text.length > 1 ? code ^ 0x40 : code;
}

/**
 * Joins a terminal to a console until the escape character is typed, the guest's side ends or the
 * input does. The terminal gets its old mode back on every way out.
 * @throws what ended the stream, when the daemon ended it with an error
 */
export async function attachConsole(
  stream: ConsoleStream,
  terminal: ConsoleTerminal,
  escape: string,
): Promise<void> {
  const leave = Promise.withResolvers<"user" | "guest">();
  const raw = terminal.input.isTTY === true;
  const stop = (): void => leave.resolve("user");
  const restore = rawMode(terminal, raw);
  for (const signal of signals) process.once(signal, stop);
  const detach = forwardInput(stream, terminal, {
    escape: escapeByte(escape),
    stop,
    fail: leave.reject,
  });
  printIncoming(stream, terminal.output).then(() => leave.resolve("guest"), leave.reject);
  try {
    if ((await leave.promise) === "user") await stream.abort().catch(() => undefined);
  } finally {
    detach();
    for (const signal of signals) process.off(signal, stop);
    restore();
  }
}

/** Answers how to go back. An exit in between goes back, too. */
function rawMode({ input }: ConsoleTerminal, raw: boolean): () => void {
  if (!raw) return () => undefined;
  const restore = (): void => {
    input.setRawMode?.(false);
  };
  process.once("exit", restore);
  input.setRawMode?.(true);
  return () => {
    process.off("exit", restore);
    restore();
  };
}

interface InputEnds {
  readonly escape: number;
  readonly stop: () => void;
  readonly fail: (error: unknown) => void;
}

/** Sends what is typed, in order, up to the escape character. Answers how to stop. */
function forwardInput(
  stream: ConsoleStream,
  { input }: ConsoleTerminal,
  { escape, stop, fail }: InputEnds,
): () => void {
  let sent = Promise.resolve();
  const typed = (data: Buffer): void => {
    const end = data.indexOf(escape);
    const bytes = end === -1 ? data : data.subarray(0, end);
    if (bytes.length > 0) {
      input.pause();
      sent = sent.then(async () => await stream.write(bytes));
      sent.then(() => input.resume(), fail);
    }
    if (end !== -1) sent.then(stop, fail);
  };
  const ended = (): void => void sent.then(stop, fail);
  input.on("data", typed);
  input.on("end", ended);
  input.resume();
  return () => {
    input.off("data", typed);
    input.off("end", ended);
    input.pause();
  };
}

async function printIncoming(stream: ConsoleStream, output: NodeJS.WritableStream): Promise<void> {
  for await (const chunk of stream.incoming) {
    if (!(chunk instanceof Uint8Array)) continue;
    if (!output.write(chunk)) await new Promise((resolve) => output.once("drain", resolve));
  }
}
