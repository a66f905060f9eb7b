import { OPERATIONS, type OperationOutput } from "@vireo/model/operation/operations";
import { attempt, done, type HandlersOf } from "../../answer.ts";
import type { imageCommands } from "../../catalog/image.ts";
import { graphText } from "./graph-text.ts";

const { graph, why, delete: remove, restore } = OPERATIONS.image;

const lines = (title: string, words: readonly string[]): string =>
  words.length === 0 ? "" : `${title}:\n${words.map((word) => `  ${word}\n`).join("")}`;

function whyText({ image, below, above, readers }: OperationOutput<"image", "why">): string {
  const { path, format = "unknown", pool, volume } = image;
  const place = pool === undefined ? "" : `, volume '${volume ?? ""}' of pool '${pool}'`;
  return [
    `${path}: ${format}${place}\n`,
    lines("Is a layer upon", below),
    lines("Below", above),
    readers.length === 0 ? "Nobody reads it\n" : lines("Read by", readers),
  ].join("");
}

export const handlers: HandlersOf<typeof imageCommands> = {
  async "image-graph"(_args, context) {
    const connection = await context.connection();
    const known = await attempt("Failed to look at images", connection.run(graph, {}));
    return { data: known, text: graphText(known) };
  },

  async "image-why"({ path }, context) {
    const connection = await context.connection();
    const told = await attempt(`Failed to look at '${path}'`, connection.run(why, { path }));
    return { data: told, text: whyText(told) };
  },

  async "image-delete"({ path, force, "keep-seconds": keepSeconds }, context) {
    const connection = await context.connection();
    const { quarantined } = await attempt(
      `Failed to delete image '${path}'`,
      connection.run(remove, { path, force, keepSeconds }),
    );
    return quarantined === undefined
      ? done(`Image ${path} deleted`)
      : done(
          `Image ${path} put away until ${new Date(quarantined.until).toISOString()}: ${quarantined.kept}`,
          quarantined,
        );
  },

  async "image-restore"({ path }, context) {
    const connection = await context.connection();
    await attempt(`Failed to restore image '${path}'`, connection.run(restore, { path }));
    return done(`Image ${path} restored`);
  },
};
