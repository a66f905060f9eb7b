import { parseXml } from "@vireo/model/xml/parse-xml";
import type { DomainReference, RemoteRet } from "@vireo/sdk/libvirt/procedure";
import { CommandError, type HandlersOf } from "../../answer.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { snapshotCommands } from "../../catalog/snapshot.ts";
import type { Connection } from "../../connection.ts";
import { childAt } from "../../domain-device.ts";
import { bits, exclusive } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { byName } from "../../order.ts";
import { formatTable } from "../../table.ts";
import { formatTree } from "../../tree.ts";

type ListArguments = ArgumentsOf<(typeof snapshotCommands)["snapshot-list"]>;
type SnapshotReference = RemoteRet<"domainSnapshotLookupByName">["snap"];

/** virDomainSnapshotListFlags. */
const listFlags = (args: ListArguments): number =>
  bits(
    [args.metadata, 1 << 1],
    [args.leaves, 1 << 2],
    [args["no-leaves"], 1 << 3],
    [args["no-metadata"], 1 << 4],
    [args.inactive, 1 << 5],
    [args.active, 1 << 6],
    [args["disk-only"], 1 << 7],
    [args.internal, 1 << 8],
    [args.external, 1 << 9],
    [args.topological, 1 << 10],
  );

interface Row {
  readonly name: string;
  readonly created: string;
  readonly state: string;
  readonly parent: string | undefined;
}

/** Local time with its offset, as virsh prints when a snapshot was taken. */
function formatTime(seconds: number): string {
  const time = new Date(seconds * 1000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const offset = -time.getTimezoneOffset();
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.abs(offset) / 60)}${two(Math.abs(offset) % 60)}`;
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  return `${day} ${clock} ${zone}`;
}

async function describe(connection: Connection, snap: SnapshotReference): Promise<Row> {
  const { xml } = await connection.call("domainSnapshotGetXmlDesc", { snap, flags: 0 });
  const root = parseXml(xml);
  return {
    name: snap.name,
    created: formatTime(Number(childAt(root, "creationTime")?.text ?? 0)),
    state: childAt(root, "state")?.text ?? "",
    parent: childAt(root, "parent", "name")?.text,
  };
}

async function listed(
  connection: Connection,
  dom: DomainReference,
  args: ListArguments,
): Promise<readonly SnapshotReference[]> {
  const flags = listFlags(args);
  const name = args.from ?? (args.current ? await currentName(connection, dom) : undefined);
  if (name === undefined)
    return (
      await connection.call("domainListAllSnapshots", {
        dom,
        need_results: 1,
        flags: flags | bits([args.roots, 1]),
      })
    ).snapshots;
  const { snap } = await connection.call("domainSnapshotLookupByName", { dom, name, flags: 0 });
  const { snapshots } = await connection.call("domainSnapshotListAllChildren", {
    snapshot: snap,
    need_results: 1,
    flags: flags | bits([args.descendants || args.tree, 1]),
  });
  return args.tree ? [snap, ...snapshots] : snapshots;
}

async function currentName(connection: Connection, dom: DomainReference): Promise<string> {
  return (await connection.call("domainSnapshotCurrent", { dom, flags: 0 })).snap.name;
}

export const handlers: HandlersOf<typeof snapshotCommands> = {
  async "snapshot-list"(args, context) {
    exclusive(args, "tree", "name");
    exclusive(args, "parent", "roots");
    exclusive(args, "parent", "tree");
    exclusive(args, "roots", "tree");
    exclusive(args, "roots", "from");
    exclusive(args, "roots", "current");
    if (args.descendants && args.from === undefined && !args.current)
      throw new CommandError("--descendants requires either --from or --current");
    const connection = await context.connection();
    const dom = await findDomain(connection, args.domain);
    const found = await listed(connection, dom, args);
    const snapshots = args.topological ? found : found.toSorted(byName);
    if (args.name) {
      const names = snapshots.map(({ name }) => name);
      return { data: names, text: names.map((name) => `${name}\n`).join("") };
    }
    const rows = await Promise.all(snapshots.map(async (snap) => await describe(connection, snap)));
    if (args.tree) {
      const names = new Set(rows.map(({ name }) => name));
      const parents = new Map(
        rows.map(({ name, parent }) => [
          name,
          parent !== undefined && names.has(parent) ? parent : undefined,
        ]),
      );
      return { data: rows, text: formatTree(parents) };
    }
    return {
      data: rows,
      text: (view) =>
        formatTable(
          ["Name", "Creation Time", "State", ...(args.parent ? ["Parent"] : [])],
          rows.map(({ name, created, state, parent = "" }) => [
            name,
            created,
            state,
            ...(args.parent ? [parent] : []),
          ]),
          view,
        ),
    };
  },
};
