import type { Answer, View } from "./answer.ts";
import type { Format } from "./format.ts";

/** Big integers become numbers where these are exact, digits in a string otherwise. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint")
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof Map) return Object.fromEntries(value);
  return value;
}

/** An answer in the wanted format, with its last new line. */
export async function formatAnswer(answer: Answer, format: Format, view: View): Promise<string> {
  if (format === "text") return typeof answer.text === "string" ? answer.text : answer.text(view);
  const json = JSON.stringify(answer.data, plain, 2);
  if (format === "json") return `${json}\n`;
  const { stringify } = await import("yaml");
  return stringify(JSON.parse(json));
}
