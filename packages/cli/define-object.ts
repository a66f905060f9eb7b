import { attempt } from "./answer.ts";
import { readDescription } from "./read-file.ts";

/** Reads a description and gives it to the daemon; `sentence` stands before what the daemon refuses. */
export async function defineFrom<T>(
  file: string,
  sentence: string,
  give: (xml: string) => Promise<T>,
): Promise<T> {
  const xml = await readDescription(file);
  return await attempt(`${sentence} from ${file}`, give(xml));
}
