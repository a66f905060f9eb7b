/** Values in a filter's rule: a literal, or a variable that the guest's interface fills in. */
import { parseMac } from "../mac.ts";
import { formatIp, ipWidth, type IpAddress, parseIp, prefixOfMask } from "../network/ip-address.ts";
import { type Scalar, stringWhere } from "../schema/scalar.ts";

const VARIABLE = /^\$\s*([A-Za-z0-9_]+)\s*(?:\[\s*(@?)(\d+)\s*\])?\s*$/;

/** A variable in libvirt's notation; its first iterator goes without saying. */
function variable(raw: string): string | undefined {
  const [, name, at = "", index] = VARIABLE.exec(raw) ?? [];
  if (name === undefined) return undefined;
  return index === undefined || (at === "@" && Number(index) === 0)
    ? `$${name}`
    : `$${name}[${at}${Number(index)}]`;
}

const value = (expects: string, read: (raw: string) => string | undefined): Scalar<string> =>
  stringWhere(expects, (raw) => (raw.trim().startsWith("$") ? variable(raw.trim()) : read(raw)));

interface NumberRange {
  readonly from?: number;
  readonly to: number;
  /** Words for numbers; a number that has one is printed as the word. */
  readonly words?: Readonly<Record<string, number>>;
}

function numberText(raw: string, { from = 0, to, words = {} }: NumberRange): string | undefined {
  const named = Object.keys(words).find((word) => word.toLowerCase() === raw.toLowerCase());
  if (named !== undefined) return named;
  if (!/^(?:\d+|0x[0-9a-f]+)$/i.test(raw)) return undefined;
  const number = Number(raw);
  if (number < from || number > to) return undefined;
  const word = Object.keys(words).find((one) => words[one] === number);
  return word ?? (/^0x/i.test(raw) ? `0x${number.toString(16)}` : String(number));
}

/** A number that stays hexadecimal when it was written so. */
export const filterNumber = (range: NumberRange): Scalar<string> =>
  value("a number in range", (raw) => numberText(raw, range));
export const filterMac: Scalar<string> = value("a MAC address", parseMac);

export const filterIp = (family: IpAddress["family"]): Scalar<string> =>
  value(`an address of ${family}`, (raw) => {
    const address = parseIp(raw);
    return address?.family === family ? formatIp(address) : undefined;
  });

/** A mask is kept as the length of its prefix. */
export const filterIpMask = (family: IpAddress["family"]): Scalar<string> =>
  value(`a mask of ${family}`, (raw) => {
    if (/^\d+$/.test(raw)) return Number(raw) <= ipWidth(family) ? String(Number(raw)) : undefined;
    const mask = parseIp(raw);
    const prefix = mask?.family === family ? prefixOfMask(mask) : undefined;
    return prefix === undefined ? undefined : String(prefix);
  });

const inSet = (allowed: readonly string[], raw: string): readonly string[] | undefined => {
  const words = raw.split(",").map((word) => word.trim().toUpperCase());
  return words.every((word) => allowed.includes(word)) ? words : undefined;
};
const STATES = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "NONE"];
/** States of connections, in libvirt's order. */
export const filterState: Scalar<string> = value("states of connections", (raw) => {
  const words = inSet(STATES, raw);
  return words && STATES.filter((state) => words.includes(state)).join(",");
});

const TCP_FLAGS = ["SYN", "ACK", "URG", "PSH", "FIN", "RST"];
function flagSet(raw: string): string | undefined {
  const word = raw.trim().toUpperCase();
  if (word === "ALL" || word === "NONE") return word;
  if (word === "") return "NONE";
  const words = inSet(TCP_FLAGS, raw);
  return words && TCP_FLAGS.filter((flag) => words.includes(flag)).join(",");
}
/** `MASK/FLAGS`: which are looked at, and which of them are set. */
export const filterTcpFlags: Scalar<string> = value("TCP flags", (raw) => {
  const [mask, flags, ...more] = raw.split("/").map(flagSet);
  return mask === undefined || flags === undefined || more.length > 0
    ? undefined
    : `${mask}/${flags}`;
});

export const filterSet: Scalar<string> = value("the name of an IP set", (raw) =>
  /^[A-Za-z0-9_.:+-]{1,31}$/.test(raw) ? raw : undefined,
);
export const filterSetFlags: Scalar<string> = value("src or dst, up to six", (raw) => {
  const words = raw.toLowerCase().split(",");
  return words.length <= 6 && words.every((word) => word === "src" || word === "dst")
    ? words.join(",")
    : undefined;
});
export const filterTruth: Scalar<string> = value("a truth value", (raw) =>
  ["yes", "true", "1"].includes(raw.toLowerCase())
    ? "true"
    : ["no", "false", "0"].includes(raw.toLowerCase())
      ? "false"
      : undefined,
);
const COMMENT_LIMIT = 256;
export const filterComment: Scalar<string> = stringWhere("a comment", (raw) =>
  raw.slice(0, COMMENT_LIMIT),
);
