/** A field of an operation's input when the client gave one. */
export const given = <K extends string>(key: K, value: string | null): { [P in K]?: string } =>
  value === null ? {} : ({ [key]: value } as { [P in K]?: string }); // one key, its value
