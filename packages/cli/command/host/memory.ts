import { parseXml } from "@vireo/model/xml/parse-xml";
import { type Answer, attempt, type HandlersOf } from "../../answer.ts";
import type { hostCommands } from "../../catalog/host.ts";
import type { Connection } from "../../connection.ts";
import { childAt } from "../../domain-device.ts";
import { exclusive } from "../../flags.ts";

/** Numbers of the host's NUMA cells. */
async function cellNumbers(connection: Connection): Promise<readonly number[]> {
  const { capabilities } = await attempt(
    "unable to get node capabilities",
    connection.call("connectGetCapabilities"),
  );
  const cells = childAt(parseXml(capabilities), "host", "topology", "cells");
  return (cells?.children ?? []).map((cell) => Number(cell.attributes.get("id")));
}

const kib = (bytes: bigint): bigint => bytes / 1024n;

async function freeOfCell(connection: Connection, cell: number): Promise<bigint> {
  const wanted = { startCell: cell, maxcells: 1 };
  const { cells } = await connection.call("nodeGetCellsFreeMemory", wanted);
  return kib(cells[0] ?? 0n);
}

async function freeOfAllCells(connection: Connection): Promise<Answer> {
  const numbers = await cellNumbers(connection);
  const rows: (readonly [number, bigint])[] = [];
  for (const cell of numbers)
    rows.push([
      cell,
      await attempt(
        `failed to get free memory for NUMA node number: ${cell}`,
        freeOfCell(connection, cell),
      ),
    ]);
  const total = rows.reduce((sum, [, free]) => sum + free, 0n);
  const lines = rows.map(
    ([cell, free]) => `${String(cell).padStart(5)}: ${String(free).padStart(10)} KiB\n`,
  );
  return {
    data: { cells: rows.map(([cell, freeKiB]) => ({ cell, freeKiB })), totalKiB: total },
    text: `${lines.join("")}${"-".repeat(20)}\n${"Total".padStart(5)}: ${String(total).padStart(10)} KiB\n`,
  };
}

export const handlers: HandlersOf<typeof hostCommands> = {
  async freecell({ cellno, all }, context) {
    exclusive({ all, cellno }, "all", "cellno");
    const connection = await context.connection();
    if (all) return await freeOfAllCells(connection);
    if (cellno !== undefined) {
      const free = await freeOfCell(connection, cellno);
      return { data: { cell: cellno, freeKiB: free }, text: `${cellno}: ${free} KiB\n` };
    }
    const total = kib((await connection.call("nodeGetFreeMemory")).freeMem);
    return { data: { totalKiB: total }, text: `Total: ${total} KiB\n` };
  },
};
