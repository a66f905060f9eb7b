/** The words of a rule that there are. */
export const line = (...parts: readonly string[]): string =>
  parts.filter((one) => one !== "").join(" ");
