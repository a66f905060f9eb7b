/** Damages texts in the ways that files and clients damage them; the same seed damages alike. */

/** Numbers from 0 (inclusive) to 1, always the same for a seed. */
export function randomOf(seed: number): () => number {
  // mulberry32, a well-known small generator
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** Pieces that XML readers and number readers stumble over. */
const PIECES = [
  "<",
  ">",
  "&",
  "&amp;",
  "&#0;",
  "&#x110000;",
  "'",
  '"',
  "</",
  "/>",
  "<!--",
  "<![CDATA[",
  "]]>",
  "<?x ?>",
  "\u0000",
  "\ud800",
  "\ufeff",
  "-1",
  "0x",
  "99999999999999999999",
  "4294967296",
  "NaN",
  "%s",
  " ",
  "\n",
  "a:",
  "xmlns=''",
] as const;

type Mutation = (text: string, random: Random, other: string) => string;

/** A stretch of the text, some characters long. */
function stretch(text: string, random: Random, longest: number): readonly [number, number] {
  const start = below(random, text.length + 1);
  return [start, Math.min(text.length, start + below(random, longest))];
}

const MUTATIONS: readonly Mutation[] = [
  (text, random) => {
    const [start, end] = stretch(text, random, 40);
    return text.slice(0, start) + text.slice(end);
  },
  (text, random) => {
    const [start, end] = stretch(text, random, 200);
    return text.slice(0, end) + text.slice(start);
  },
  (text, random) => {
    const at = below(random, text.length + 1);
    return text.slice(0, at) + (PIECES[below(random, PIECES.length)] ?? "") + text.slice(at);
  },
  (text, random) => {
    const [start, end] = stretch(text, random, 4);
    return text.slice(0, start) + (PIECES[below(random, PIECES.length)] ?? "") + text.slice(end);
  },
  (text, random) => text.slice(0, below(random, text.length)),
  (text, random, other) => {
    const [start, end] = stretch(other, random, 300);
    const at = below(random, text.length + 1);
    return text.slice(0, at) + other.slice(start, end) + text.slice(at);
  },
  // the value of some attribute, or some text, becomes another one's
  (text, random, other) => {
    const values = other.match(/(?<=')[^'<]*(?=')/g) ?? [""];
    const at = below(random, Math.max(1, text.split("'").length - 1));
    return text
      .split("'")
      .with(at, values[below(random, values.length)] ?? "")
      .join("'");
  },
  // a whole line elsewhere
  (text, random) => {
    const lines = text.split("\n");
    const [line = ""] = lines.splice(below(random, lines.length), 1);
    return lines.toSpliced(below(random, lines.length + 1), 0, line).join("\n");
  },
];

/** The text with one to three damages; `other` lends pieces. */
export function mutate(text: string, other: string, random: Random): string {
  let mutated = text;
  for (let left = 1 + below(random, 3); left > 0; left -= 1)
    mutated = MUTATIONS[below(random, MUTATIONS.length)]?.(mutated, random, other) ?? mutated;
  return mutated;
}
