/**
 * Finds out what is wrong with a text that is not well formed, in the words of libxml2, which libvirt's clients print.
 * It reads the text once, and only after the parser gave up.
 */

/** What is wrong, and where reading stopped. */
export interface Diagnosis {
  readonly message: string;
  readonly offset: number;
}

/** Thrown inside this file only, to leave the scanner from any depth. */
class Found extends Error {
  readonly diagnosis: Diagnosis;
  constructor(diagnosis: Diagnosis) {
    super(diagnosis.message);
    this.diagnosis = diagnosis;
  }
}

/** The first thing wrong with `source`, or `undefined` when this scanner finds nothing. */
export function diagnose(source: string): Diagnosis | undefined {
  try {
    new Scanner(source).document();
  } catch (error) {
    if (error instanceof Found) return error.diagnosis;
    throw error;
  }
  return undefined;
}

interface OpenTag {
  readonly name: string;
  readonly line: number;
}

const NAME = /[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*/uy;
const BLANKS = /[ \t\r\n]*/y;
const PREDEFINED: ReadonlySet<string> = new Set(["lt", "gt", "amp", "quot", "apos"]);
// oxlint-disable-next-line no-control-regex -- these are the ones XML forbids
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

class Scanner {
  readonly #text: string;
  #at = 0;
  readonly #open: OpenTag[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    if (this.#text === "") this.#fail("Document is empty");
    if (this.#text.startsWith("\ufeff")) this.#at += 1;
    if (this.#sees("<?xml ") || this.#sees("<?xml\n"))
      this.#skipPast("?>", "parsing XML declaration: '?>' expected");
    this.#miscellany();
    if (!this.#sees("<")) this.#fail("Start tag expected, '<' not found");
    this.#startTag();
    while (this.#open.length > 0) this.#content();
    this.#miscellany();
    if (this.#at < this.#text.length) this.#fail("Extra content at the end of the document");
  }

  #fail(message: string, offset = this.#at): never {
    throw new Found({ message, offset });
  }

  #sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #line(): number {
    return this.#text.slice(0, this.#at).split("\n").length;
  }

  #skipPast(end: string, unfinished: string): void {
    const found = this.#text.indexOf(end, this.#at);
    if (found === -1) this.#fail(unfinished, this.#text.length);
    this.#at = found + end.length;
  }

  /** Comments, instructions and blanks around the root. */
  #miscellany(): void {
    for (;;) {
      this.#match(BLANKS);
      if (this.#sees("<!--")) this.#comment();
      else if (this.#sees("<?")) this.#instruction();
      else return;
    }
  }

  #comment(): void {
    const start = this.#at;
    const end = this.#text.indexOf("--", start + 4);
    if (end === -1) this.#fail("Comment not terminated", this.#text.length);
    if (this.#text[end + 2] !== ">")
      this.#fail(`Double hyphen within comment: ${this.#text.slice(start, end).slice(0, 50)}`, end);
    this.#at = end + 3;
  }

  #instruction(): void {
    this.#at += 2;
    const target = this.#match(NAME);
    if (target === "") this.#fail("xmlParsePI : no target name");
    if (target.toLowerCase() === "xml")
      this.#fail("XML declaration allowed only at the start of the document");
    this.#skipPast("?>", `ParsePI: PI ${target} never end ...`);
  }

  #content(): void {
    const inside = this.#open.at(-1);
    if (this.#at >= this.#text.length)
      this.#fail(`Premature end of data in tag ${inside?.name ?? ""} line ${inside?.line ?? 1}`);
    if (this.#sees("</")) this.#endTag();
    else if (this.#sees("<!--")) this.#comment();
    else if (this.#sees("<![CDATA[")) this.#skipPast("]]>", "CData section not finished");
    else if (this.#sees("<?")) this.#instruction();
    else if (this.#sees("<")) this.#startTag();
    else if (this.#sees("&")) this.#reference();
    else this.#characters();
  }

  #characters(): void {
    const start = this.#at;
    const run = this.#match(/[^<&]+/y);
    const bad = run.search(FORBIDDEN);
    if (bad !== -1) this.#fail(`PCDATA invalid Char value ${run.charCodeAt(bad)}`, start + bad);
    const end = run.indexOf("]]>");
    if (end !== -1)
      this.#fail("Sequence ']]>' not allowed in content", start + run.lastIndexOf("\n", end) + 1);
  }

  #reference(): void {
    this.#at += 1;
    if (this.#sees("#")) {
      this.#characterReference();
      return;
    }
    const name = this.#match(NAME);
    if (name === "") this.#fail("xmlParseEntityRef: no name");
    if (!this.#sees(";")) this.#fail("EntityRef: expecting ';'");
    this.#at += 1;
    if (!PREDEFINED.has(name)) this.#fail(`Entity '${name}' not defined`);
  }

  #characterReference(): void {
    const hexadecimal = this.#sees("#x");
    this.#at += hexadecimal ? 2 : 1;
    const digits = this.#match(hexadecimal ? /[0-9a-fA-F]+/y : /[0-9]+/y);
    if (digits === "" || !this.#sees(";"))
      this.#fail(`xmlParseCharRef: invalid ${hexadecimal ? "hexadecimal" : "decimal"} value`);
    this.#at += 1;
    const code = Number.parseInt(digits, hexadecimal ? 16 : 10);
    const legal = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    if (!legal || FORBIDDEN.test(String.fromCodePoint(code)))
      this.#fail(`xmlParseCharRef: invalid xmlChar value ${code}`);
  }

  #startTag(): void {
    const line = this.#line();
    this.#at += 1;
    const name = this.#match(NAME);
    if (name === "") this.#fail("StartTag: invalid element name");
    const attributes = new Set<string>();
    let duplicate: string | undefined;
    for (;;) {
      const blanks = this.#match(BLANKS);
      if (this.#sees(">") || this.#sees("/>")) break;
      if (this.#at >= this.#text.length)
        this.#fail(`Couldn't find end of Start Tag ${name} line ${line}`);
      if (blanks === "") this.#fail("attributes construct error");
      const attribute = this.#attribute();
      if (attributes.has(attribute)) duplicate ??= attribute;
      attributes.add(attribute);
    }
    if (duplicate !== undefined) this.#fail(`Attribute ${duplicate} redefined`);
    if (this.#sees("/>")) this.#at += 2;
    else {
      this.#at += 1;
      this.#open.push({ name, line });
    }
  }

  /** Reads `name='value'` and returns the name. */
  #attribute(): string {
    const name = this.#match(NAME);
    if (name === "") this.#fail("error parsing attribute name");
    this.#match(BLANKS);
    if (!this.#sees("=")) this.#fail(`Specification mandates value for attribute ${name}`);
    this.#at += 1;
    this.#match(BLANKS);
    const quote = this.#text[this.#at];
    if (quote !== "'" && quote !== '"') this.#fail("AttValue: \" or ' expected");
    this.#at += 1;
    this.#attributeValue(quote);
    return name;
  }

  #attributeValue(quote: "'" | '"'): void {
    for (;;) {
      this.#match(quote === "'" ? /[^'<&]*/y : /[^"<&]*/y);
      if (this.#sees(quote)) break;
      if (this.#sees("<")) this.#fail("Unescaped '<' not allowed in attributes values");
      if (this.#at >= this.#text.length) this.#fail("AttValue: ' expected");
      this.#reference();
    }
    this.#at += 1;
  }

  #endTag(): void {
    const open = this.#open.pop();
    this.#at += 2;
    const name = this.#match(NAME);
    this.#match(BLANKS);
    if (!this.#sees(">")) this.#fail("expected '>'");
    this.#at += 1;
    if (open !== undefined && name !== open.name)
      this.#fail(`Opening and ending tag mismatch: ${open.name} line ${open.line} and ${name}`);
  }
}
