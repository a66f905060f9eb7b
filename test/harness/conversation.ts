/** Talks to something that has a terminal's manners: waits for text, answers, and tells what was said when it fails. */
import type { Readable, Writable } from "node:stream";

/** What is kept for the error message and for matching; older text is forgotten. */
const TRANSCRIPT_LIMIT = 256 * 1024;
const SHOWN_ON_FAILURE = 1500;

/** What a terminal would act upon and not show: CSI sequences. */
// oxlint-disable-next-line no-control-regex -- escape sequences begin with the control character
const ESCAPE_SEQUENCE = /\u001b\[[0-9;?]*[A-Za-z]/g;
// oxlint-disable-next-line no-control-regex -- as above
const BEGUN_SEQUENCE = /\u001b(?:\[[0-9;?]*)?$/;

interface Waiting {
  readonly pattern: RegExp;
  readonly found: (match: RegExpExecArray) => void;
  readonly failed: (why: string) => void;
}

export class Conversation {
  readonly #to: Writable;
  readonly #onText: (text: string) => void;
  #heard = "";
  #unread = "";
  /** The beginning of an escape sequence whose end has not come yet. */
  #begun = "";
  #ended = false;
  #waiting: Waiting | undefined;

  /** @param onText is given everything heard as it arrives, without escape sequences */
  constructor(from: Readable, to: Writable, onText: (text: string) => void = () => undefined) {
    this.#to = to;
    this.#onText = onText;
    from.setEncoding("utf8");
    from.on("data", (text: string) => this.#hear(text));
    from.on("close", () => this.#end());
    from.on("error", () => this.#end());
    to.on("error", () => this.#end());
  }

  /** Everything heard so far, without escape sequences. */
  get heard(): string {
    return this.#heard;
  }

  say(text: string): void {
    this.#to.write(text);
  }

  /**
   * Waits for text that was not yet expected before; what lies before it is passed over.
   * @throws Error with the end of the transcript, on the deadline and when the other side hangs up
   */
  expect(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#waiting?.failed(`within ${timeoutMs} ms`), timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiting = undefined;
      };
      this.#waiting = {
        pattern,
        found: (match) => {
          settle();
          resolve(match);
        },
        failed: (why) => {
          settle();
          const tail = this.#heard.slice(-SHOWN_ON_FAILURE);
          reject(new Error(`Expected ${String(pattern)} ${why}, heard:\n${tail}`));
        },
      };
      this.#match();
    });
  }

  /** Says one line and waits for an answer. */
  async ask(line: string, answer: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    this.say(`${line}\n`);
    return this.expect(answer, timeoutMs);
  }

  #hear(chunk: string): void {
    const whole = this.#begun + chunk;
    this.#begun = BEGUN_SEQUENCE.exec(whole)?.[0] ?? "";
    const text = whole.slice(0, whole.length - this.#begun.length).replace(ESCAPE_SEQUENCE, "");
    this.#onText(text);
    this.#heard = (this.#heard + text).slice(-TRANSCRIPT_LIMIT);
    this.#unread = (this.#unread + text).slice(-TRANSCRIPT_LIMIT);
    this.#match();
  }

  #match(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const match = waiting.pattern.exec(this.#unread);
    if (match !== null) {
      this.#unread = this.#unread.slice(match.index + match[0].length);
      waiting.found(match);
    } else if (this.#ended) waiting.failed("but the other side hung up");
  }

  #end(): void {
    this.#ended = true;
    this.#match();
  }
}
