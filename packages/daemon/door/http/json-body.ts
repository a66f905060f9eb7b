/** Bodies in JSON, with a limit to their depth: whoever walks them later may recurse. */
import type { FastifyInstance } from "fastify";
import { virError } from "@vireo/model/error";

/** No document comes near it. */
const DEPTH = 200;

/** How deep brackets are nested, without parsing; those in texts do not count. */
export function depthOf(json: string): number {
  let [depth, deepest, isText] = [0, 0, false];
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '"') isText = !isText;
    else if (isText) i += character === "\\" ? 1 : 0;
    else if (character === "{" || character === "[") deepest = Math.max(deepest, ++depth);
    else if (character === "}" || character === "]") depth -= 1;
  }
  return deepest;
}

/** Names that reach an object's prototype are refused, as by fastify itself. */
export function acceptJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser("error", "error");
  server.addContentTypeParser<string>(
    "application/json",
    { parseAs: "string" },
    (request, body, done) => {
      if (depthOf(body) > DEPTH)
        done(virError("invalidArg", `the JSON is nested more than ${DEPTH} deep`), undefined);
      else void parse(request, body, done);
    },
  );
}
