/** Lines of `Label:` and value; values begin in column `width`. */
export const formatFields = (
  fields: readonly (readonly [string, string | number | bigint])[],
  width: number,
): string =>
  fields
    .map(([label, value]) => `${(label === "" ? "" : `${label}:`).padEnd(width)}${value}\n`)
    .join("");
