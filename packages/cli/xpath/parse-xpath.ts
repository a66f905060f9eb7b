/**
 * The part of XPath 1.0 that people use on descriptions: location paths with `/`, `//`, `.`, `..`,
 * names, `*`, `@name`, `text()`, unions, and predicates that count, look for a path or compare one with a text.
 */
export interface Path {
  readonly absolute: boolean;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly axis: "child" | "descendant" | "attribute" | "self" | "parent";
  /** A name, `*` for any, `text()` for text. */
  readonly test: string;
  readonly predicates: readonly Predicate[];
}

export type Predicate =
  | { readonly kind: "position"; readonly position: number | "last" }
  | { readonly kind: "exists"; readonly path: Path }
  | { readonly kind: "equals"; readonly path: Path; readonly text: string; readonly not: boolean }
  | { readonly kind: "both" | "either"; readonly parts: readonly Predicate[] };

/** An expression outside of that part. */
export class XpathError extends Error {
  override readonly name = "XpathError";
}

const token =
  /\s*(\/\/|\/|\.\.|\.|@|\[|\]|\||!=|=|text\(\)|node\(\)|last\(\)|position\(\)|'[^']*'|"[^"]*"|\d+|\*|[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)/y;

function tokensOf(expression: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (expression.slice(token.lastIndex).trim() !== "") {
    const match = token.exec(expression);
    if (match === null) throw new XpathError(`internal error: Incorrect xpath '${expression}'`);
    found.push(match[1] ?? "");
  }
  return found;
}

/** @throws XpathError for what is not understood */
export function parseXpath(expression: string): readonly Path[] {
  return new XpathParser(expression).parse();
}

class XpathParser {
  readonly #expression: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = tokensOf(expression);
  }

  parse(): readonly Path[] {
    const paths = [this.#path()];
    while (this.#take("|")) paths.push(this.#path());
    if (this.#at < this.#tokens.length) this.#fail();
    return paths;
  }

  #path(): Path {
    const absolute = this.#peek() === "/" || this.#peek() === "//";
    const steps: Step[] = [];
    let separator = absolute ? this.#next() : "/";
    for (;;) {
      steps.push(this.#step(separator === "//"));
      if (this.#peek() !== "/" && this.#peek() !== "//") return { absolute, steps };
      separator = this.#next();
    }
  }

  #step(deep: boolean): Step {
    if (this.#take(".")) return { axis: "self", test: "*", predicates: [] };
    if (this.#take("..")) return { axis: "parent", test: "*", predicates: [] };
    const attribute = this.#take("@");
    const test = this.#next();
    if (!/^(\*|text\(\)|node\(\)|[A-Za-z_][^(]*)$/.test(test)) this.#fail();
    const axis = attribute ? "attribute" : deep ? "descendant" : "child";
    const predicates: Predicate[] = [];
    while (this.#take("[")) {
      predicates.push(this.#either());
      if (!this.#take("]")) this.#fail();
    }
    return { axis, test, predicates };
  }

  #either(): Predicate {
    const parts = [this.#both()];
    while (this.#take("or")) parts.push(this.#both());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: "either", parts };
  }

  #both(): Predicate {
    const parts = [this.#condition()];
    while (this.#take("and")) parts.push(this.#condition());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: "both", parts };
  }

  #condition(): Predicate {
    if (this.#take("last()")) return { kind: "position", position: "last" };
    if (/^\d+$/.test(this.#peek() ?? ""))
      return { kind: "position", position: Number(this.#next()) };
    if (this.#take("position()")) {
      if (!this.#take("=")) this.#fail();
      return { kind: "position", position: Number(this.#next()) };
    }
    const path = this.#path();
    const not = this.#take("!=");
    if (!not && !this.#take("=")) return { kind: "exists", path };
    const text = this.#next();
    if (!/^['"\d]/.test(text)) this.#fail();
    return { kind: "equals", path, text: text.replace(/^['"]|['"]$/g, ""), not };
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const word = this.#tokens[this.#at];
    if (word === undefined) return this.#fail();
    this.#at += 1;
    return word;
  }

  #take(word: string): boolean {
    if (this.#peek() !== word) return false;
    this.#at += 1;
    return true;
  }

  #fail(): never {
    throw new XpathError(`internal error: Incorrect xpath '${this.#expression}'`);
  }
}
