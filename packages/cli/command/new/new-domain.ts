import { OPERATIONS } from "@vireo/model/operation/operations";
import { attempt, type HandlersOf } from "../../answer.ts";
import type { newDomainCommands } from "../../catalog/new-domain.ts";
import { formatTable } from "../../table.ts";
import { cloneDomain } from "./clone.ts";
import { createDomain } from "./domain-create.ts";
import { importImage } from "./image-import.ts";

const HEADERS = ["Name", "Pool", "Format", "Used by"];

export const handlers: HandlersOf<typeof newDomainCommands> = {
  "domain-create": createDomain,
  clone: async (wish, context) => cloneDomain(wish, await context.connection()),
  "image-import": async (wish, context) => importImage(wish, await context.connection()),
  async "image-list"({ pool }, context) {
    const connection = await context.connection();
    const { images } = await attempt(
      "Failed to list images",
      connection.run(OPERATIONS.image.graph, {}),
    );
    const listed = images.filter(
      (one) => one.pool !== undefined && (pool ?? one.pool) === one.pool,
    );
    const rows = listed.map(({ volume = "", pool: of = "", format = "-", users }) => [
      volume,
      of,
      format,
      users.length === 0 ? "-" : users.map(({ who }) => who).join(", "),
    ]);
    return { data: listed, text: ({ quiet }) => formatTable(HEADERS, rows, { quiet }) };
  },
};
