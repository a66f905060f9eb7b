/** The command line that the demo uses: the real virsh when it is there, else our own vireo, which reads alike. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../test/harness/run.ts";
import { command, note } from "./show.ts";

const VIREO = join(import.meta.dirname, "../../bin/vireo");

export class Client {
  readonly program: string;
  readonly #uri: string;

  constructor(uri: string) {
    this.program = existsSync("/usr/bin/virsh") ? "virsh" : VIREO;
    this.#uri = uri;
  }

  /** What to type to reach the same daemon. */
  get line(): string {
    return `${this.program} -c '${this.#uri}'`;
  }

  /** The whole command, word by word. */
  words(args: readonly string[]): readonly string[] {
    return [this.program, "-c", this.#uri, ...args];
  }

  /** The whole command, quoted for a shell. */
  shellCommand(args: readonly string[]): string {
    return `${this.line} ${args.join(" ")}`;
  }

  /** Runs one command and shows it with its answer. @throws Error when it fails */
  async show(...args: readonly string[]): Promise<string> {
    command(this.shellCommand(args));
    const answer = await this.ask(...args);
    note(answer);
    return answer;
  }

  /** @returns what it prints @throws Error with its words when it fails */
  async ask(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await run(this.program, ["-c", this.#uri, ...args]);
    if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr.trim()}`);
    return stdout;
  }
}
