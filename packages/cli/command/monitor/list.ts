import type { DomainReference } from "@vireo/sdk/libvirt/procedure";
import type { Answer, HandlersOf } from "../../answer.ts";
import type { monitorCommands } from "../../catalog/monitor.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { Connection } from "../../connection.ts";
import { DomainState, stateText } from "../../domain-state.ts";
import { bits, exclusive } from "../../flags.ts";
import { formatTable } from "../../table.ts";

type ListArguments = ArgumentsOf<typeof monitorCommands.list>;

/** virConnectListAllDomainsFlags. */
function listFlags(args: ListArguments): number {
  const filter = bits(
    [args.persistent, 1 << 2],
    [args.transient, 1 << 3],
    [args["state-running"], 1 << 4],
    [args["state-paused"], 1 << 5],
    [args["state-shutoff"], 1 << 6],
    [args["state-other"], 1 << 7],
    [args["with-managed-save"], 1 << 8],
    [args["without-managed-save"], 1 << 9],
    [args.autostart, 1 << 10],
    [args["no-autostart"], 1 << 11],
    [args["with-snapshot"], 1 << 12],
    [args["without-snapshot"], 1 << 13],
    [args["with-checkpoint"], 1 << 14],
    [args["without-checkpoint"], 1 << 15],
  );
  // asking for stopped domains by their state means that active ones alone would be no answer
  const active = !args.inactive && !args["state-shutoff"];
  const inactive = args.inactive || args.all || args["state-shutoff"];
  return filter | bits([active || args.all, 1], [inactive, 2]);
}

/** Running domains first, by id; the others by name. */
function inOrder(domains: readonly DomainReference[]): DomainReference[] {
  return domains.toSorted((a, b) => {
    if (a.id !== -1 && b.id !== -1) return a.id - b.id;
    if (a.id !== b.id) return a.id === -1 ? 1 : -1;
    return a.name < b.name ? -1 : Number(a.name > b.name);
  });
}

interface Row {
  readonly id: number | null;
  readonly name: string;
  readonly uuid: string;
  readonly state: string;
  readonly title?: string;
}

async function describe(
  connection: Connection,
  dom: DomainReference,
  args: ListArguments,
): Promise<Row> {
  const { state } = await connection.call("domainGetState", { dom, flags: 0 });
  const saved =
    args["managed-save"] &&
    state === DomainState.shutoff &&
    (await connection.call("domainHasManagedSaveImage", { dom, flags: 0 })).result === 1;
  return {
    id: dom.id === -1 ? null : dom.id,
    name: dom.name,
    uuid: dom.uuid,
    state: saved ? "saved" : stateText(state),
    ...(args.title ? { title: await titleOf(connection, dom) } : {}),
  };
}

/** The title, or nothing: not every hypervisor knows titles. */
async function titleOf(connection: Connection, dom: DomainReference): Promise<string> {
  const wanted = { dom, type: 1, uri: null, flags: 0 };
  return await connection.call("domainGetMetadata", wanted).then(
    ({ metadata }) => metadata,
    () => "",
  );
}

/** A domain that went away between the list and the question is left out. */
async function describeAll(
  connection: Connection,
  domains: readonly DomainReference[],
  args: ListArguments,
): Promise<Row[]> {
  const rows = await Promise.allSettled(
    domains.map(async (dom) => await describe(connection, dom, args)),
  );
  return rows.filter((row) => row.status === "fulfilled").map(({ value }) => value);
}

/** Only what `--uuid`, `--id` and `--name` ask for, a line each. */
function formatBare(domains: readonly DomainReference[], args: ListArguments): Answer {
  const rows = domains.filter(({ id }) => !args.id || args.name || args.uuid || id !== -1);
  const lines = rows.map(({ id, name, uuid }) =>
    [
      ...(args.uuid ? [uuid] : []),
      ...(args.id ? [id === -1 ? "-" : String(id)] : []),
      ...(args.name ? [name] : []),
    ].join(" "),
  );
  const data = rows.map(({ id, name, uuid }) => ({ id: id === -1 ? null : id, name, uuid }));
  return { data, text: lines.map((line) => `${line}\n`).join("") };
}

const formatRows = (rows: readonly Row[], title: boolean): Answer => ({
  data: rows,
  text: (view) =>
    formatTable(
      ["Id", "Name", "State", ...(title ? ["Title"] : [])],
      rows.map((row) => [
        row.id === null ? "-" : String(row.id),
        row.name,
        row.state,
        ...(title ? [row.title ?? ""] : []),
      ]),
      view,
    ),
});

export const handlers: HandlersOf<typeof monitorCommands> = {
  async list(args, context) {
    for (const bare of ["name", "uuid", "id"]) exclusive(args, "table", bare);
    const connection = await context.connection();
    const wanted = { need_results: 1, flags: listFlags(args) };
    const domains = inOrder((await connection.call("connectListAllDomains", wanted)).domains);
    if (args.uuid || args.name || args.id) return formatBare(domains, args);
    return formatRows(await describeAll(connection, domains, args), args.title);
  },
};
