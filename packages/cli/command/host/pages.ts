import { parseXml } from "@vireo/model/xml/parse-xml";
import { attempt, CommandError, type HandlersOf } from "../../answer.ts";
import type { hostCommands } from "../../catalog/host.ts";
import type { Connection } from "../../connection.ts";
import { childAt } from "../../domain-device.ts";
import { exclusive } from "../../flags.ts";
import { formatParameter } from "../../typed-parameter.ts";

interface Cell {
  readonly id: number;
  /** Page sizes in KiB. */
  readonly sizes: readonly number[];
}

async function readCells(connection: Connection): Promise<readonly Cell[]> {
  const { capabilities } = await attempt(
    "unable to get node capabilities",
    connection.call("connectGetCapabilities"),
  );
  const host = childAt(parseXml(capabilities), "host");
  return (childAt(host, "topology", "cells")?.children ?? []).map((cell) => ({
    id: Number(cell.attributes.get("id")),
    sizes: cell.children
      .filter(({ name }) => name === "pages")
      .map((pages) => Number(pages.attributes.get("size"))),
  }));
}

const readPages = async (
  connection: Connection,
  cell: number,
  sizes: readonly number[],
): Promise<readonly bigint[]> =>
  (
    await connection.call("nodeGetFreePages", {
      pages: [...sizes],
      startCell: cell,
      cellCount: 1,
      flags: 0,
    })
  ).counts;

const formatCounts = (sizes: readonly number[], counts: readonly bigint[]): string =>
  sizes.map((size, index) => `${size}KiB: ${counts[index] ?? 0n}\n`).join("");

export const handlers: HandlersOf<typeof hostCommands> = {
  async freepages({ cellno, pagesize, all }, context) {
    exclusive({ all, cellno }, "all", "cellno");
    const connection = await context.connection();
    const wanted = pagesize === undefined ? undefined : Number(pagesize / 1024n);
    if (!all) {
      if (cellno === undefined) throw new CommandError("missing cellno argument");
      if (wanted === undefined) throw new CommandError("missing pagesize argument");
      const counts = await readPages(connection, cellno, [wanted]);
      return { data: { cell: cellno, counts }, text: formatCounts([wanted], counts) };
    }
    const rows: { id: number; sizes: readonly number[]; counts: readonly bigint[] }[] = [];
    for (const { id, sizes } of await readCells(connection)) {
      const asked = wanted === undefined ? sizes : [wanted];
      rows.push({ id, sizes: asked, counts: await readPages(connection, id, asked) });
    }
    const text = rows.map(
      ({ id, sizes, counts }) => `Node ${id}:\n${formatCounts(sizes, counts)}\n`,
    );
    return { data: rows, text: text.join("") };
  },

  async "node-memory-tune"(args, context) {
    if (Object.values(args).some((value) => value !== undefined))
      throw new CommandError(
        "setting values with 'node-memory-tune' is not implemented in vireo yet",
      );
    const connection = await context.connection();
    const { nparams } = await attempt(
      "Unable to get number of memory parameters",
      connection.call("nodeGetMemoryParameters", { nparams: 0, flags: 0 }),
    );
    const { params } = await attempt(
      "Unable to get memory parameters",
      connection.call("nodeGetMemoryParameters", { nparams, flags: 0 }),
    );
    const lines = params.map((one) => `\t${one.field.padEnd(15)} ${formatParameter(one)}\n`);
    return {
      data: Object.fromEntries(params.map((one) => [one.field, one.value.value])),
      text: `Shared memory:\n${lines.join("")}`,
    };
  },
};
