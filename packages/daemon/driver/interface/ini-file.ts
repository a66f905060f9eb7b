/**
 * Files of `[Section]` and `Key=value` lines, as NetworkManager and systemd-networkd keep them. What a
 * change is not about stays as it stands: comments, unknown keys, order.
 */

/** The first section has no name: what stands before all others. */
export interface IniSection {
  readonly name: string;
  /** Without its heading. */
  readonly lines: readonly string[];
}
export type IniFile = readonly IniSection[];

/** One key may stand several times. */
export type IniKeys = Readonly<Record<string, readonly string[]>>;

export const iniKeys = (pairs: Iterable<readonly [string, readonly string[]]>): IniKeys =>
  Object.fromEntries(pairs);

export function parseIni(text: string): IniFile {
  const found: { name: string; lines: string[] }[] = [{ name: "", lines: [] }];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const line of lines) {
    const [, name] = /^\s*\[(.+)\]\s*$/.exec(line) ?? [];
    if (name === undefined) found.at(-1)?.lines.push(line);
    else found.push({ name, lines: [] });
  }
  return found;
}

export const formatIni = (file: IniFile): string =>
  file
    .flatMap(({ name, lines }) => [...(name === "" ? [] : [`[${name}]`]), ...lines])
    .map((line) => `${line}\n`)
    .join("");

const pairIn = (line: string): readonly [string, string] | undefined => {
  const [, key, value] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
  return key === undefined || value === undefined ? undefined : [key, value];
};

/** All values of a key, in the order of the file; an empty one takes back those before it, as networkd has it. */
export function iniValues(file: IniFile, section: string, key: string): readonly string[] {
  const all = file
    .filter(({ name }) => name === section)
    .flatMap(({ lines }) => lines.map(pairIn))
    .flatMap((pair) => (pair?.[0] === key ? [pair[1]] : []));
  return all.slice(all.lastIndexOf("") + 1);
}

export const iniValue = (file: IniFile, section: string, key: string): string | undefined =>
  iniValues(file, section, key).at(-1);

/** The file with these keys of a section as given; an empty list takes a key out. */
export function withKeys(file: IniFile, section: string, keys: IniKeys): IniFile {
  const kept = file.map((one) =>
    one.name === section
      ? { name: section, lines: one.lines.filter((line) => !((pairIn(line)?.[0] ?? "") in keys)) }
      : one,
  );
  const more = Object.entries(keys).flatMap(([key, values]) =>
    values.map((value) => `${key}=${value}`),
  );
  if (more.length === 0)
    return kept.filter(({ name, lines }) => name !== section || lines.length > 0);
  const at = kept.findIndex(({ name }) => name === section);
  if (at < 0) return [...kept, { name: section, lines: more }];
  return kept.map((one, index) =>
    index === at ? { name: section, lines: joined(one.lines, more) } : one,
  );
}

/** Blank lines stay at the end, before the next heading. */
function joined(lines: readonly string[], more: readonly string[]): readonly string[] {
  const end = lines.findLastIndex((line) => line.trim() !== "") + 1;
  return [...lines.slice(0, end), ...more, ...lines.slice(end)];
}

/** The file without the sections that `unwanted` says. */
export const withoutSections = (
  file: IniFile,
  unwanted: (section: IniSection) => boolean,
): IniFile => file.filter((section) => section.name === "" || !unwanted(section));
