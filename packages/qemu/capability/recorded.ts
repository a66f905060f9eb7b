/** Recorded answers: a list of `{command, reply}` as a monitor log gives them, one section per run. */
import { subjectOf, type Answers } from "./question.ts";

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

const keyOf = (execute: unknown, subject: string): string => `${String(execute)} ${subject}`;

function answersOf(exchanges: readonly Fields[]): Answers {
  const byKey = new Map<string, unknown>();
  for (const { command, reply } of exchanges) {
    if (!isFields(command) || !isFields(reply) || !("return" in reply)) continue;
    const key = keyOf(command["execute"], subjectOf(command["arguments"]));
    if (!byKey.has(key)) byKey.set(key, reply["return"]);
  }
  return (execute, subject = "") => byKey.get(keyOf(execute, subject));
}

/** The sections of a recording; each begins with `qmp_capabilities`. */
export function recordedAnswers(recording: readonly unknown[]): readonly Answers[] {
  const sections: Fields[][] = [];
  for (const exchange of recording) {
    if (!isFields(exchange)) continue;
    const { command } = exchange;
    if (isFields(command) && command["execute"] === "qmp_capabilities") sections.push([]);
    sections.at(-1)?.push(exchange);
  }
  return sections.map(answersOf);
}
