/** Cuts a stream of bytes into lines, none longer than a limit. */

export class LineTooLongError extends Error {
  constructor(limit: number) {
    super(`line longer than ${limit} bytes`);
    this.name = "LineTooLongError";
  }
}

const NEWLINE = 0x0a;

export class LineSplitter {
  readonly #limit: number;
  #pieces: Buffer[] = [];
  #size = 0;

  /** `limit` in bytes, without the newline. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * The lines that end in `chunk`, empty ones left out.
   * @throws LineTooLongError before more than `limit` bytes are held
   */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, at));
      const line = Buffer.concat(this.#pieces, this.#size).toString("utf8").trim();
      if (line !== "") lines.push(line);
      this.#pieces = [];
      this.#size = 0;
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  #keep(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size > this.#limit) throw new LineTooLongError(this.#limit);
    if (piece.length > 0) this.#pieces.push(piece);
  }
}
