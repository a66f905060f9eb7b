import type { Connection } from "./connection.ts";
import type { Format } from "./format.ts";
import type { Globals } from "./globals.ts";

/** What a handler may do besides answering. */
export interface Context {
  readonly globals: Globals;
  /** What the answer of this command is written in. */
  readonly format: Format;
  /** Commands are typed one by one, or read from standard input. */
  readonly interactive: boolean;
  /** The connection, opened on first use. */
  connection(): Promise<Connection>;
  /** Ends the connection, if there is one, and uses this address from now on. */
  reconnect(uri: string | undefined, readonly: boolean): Promise<void>;
  /** Prints at once: progress, events. */
  print(text: string): void;
  /** Prints an error and goes on. */
  complain(message: string): void;
  /** Aborted when the user interrupts; from the first call on an interrupt no longer ends the program. */
  interrupted(): AbortSignal;
  /** Leaves the program after this command. */
  quit(): void;
}
