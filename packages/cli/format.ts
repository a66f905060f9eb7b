/** What an answer is written in. */
export type Format = "text" | "json" | "yaml";

export const formats: readonly Format[] = ["text", "json", "yaml"];
