import { parseXml } from "@vireo/model/xml/parse-xml";
import type { DomainReference, RemoteRet } from "@vireo/sdk/libvirt/procedure";
import { attempt, CommandError, comfort, document, done, type HandlersOf } from "../../answer.ts";
import type { snapshotCommands } from "../../catalog/snapshot.ts";
import type { Connection } from "../../connection.ts";
import { childAt } from "../../domain-device.ts";
import { formatFields } from "../../fields.ts";
import { bits, exclusive } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { selected } from "../../xpath-output.ts";

type SnapshotReference = RemoteRet<"domainSnapshotLookupByName">["snap"];

/** Taking, reverting and deleting copy memory and disks. */
const noDeadline = { timeoutMs: Number.POSITIVE_INFINITY };

/** The snapshot a command is about: the one named, or the current one. */
async function chosen(
  connection: Connection,
  dom: DomainReference,
  { name, current }: { readonly name: string | undefined; readonly current: boolean },
): Promise<SnapshotReference> {
  if (current && name !== undefined)
    throw new CommandError("--snapshotname and --current are mutually exclusive");
  if (current) return (await connection.call("domainSnapshotCurrent", { dom, flags: 0 })).snap;
  if (name === undefined) throw new CommandError("--snapshotname or --current is required");
  return (await connection.call("domainSnapshotLookupByName", { dom, name, flags: 0 })).snap;
}

/** Internal, or external when the memory or any disk went elsewhere. */
function location(xml: string): string {
  const root = parseXml(xml);
  const kinds = [childAt(root, "memory"), ...(childAt(root, "disks")?.children ?? [])].map(
    (element) => element?.attributes.get("snapshot"),
  );
  return kinds.includes("external") || childAt(root, "state")?.text === "disk-snapshot"
    ? "external"
    : "internal";
}

async function describe(
  connection: Connection,
  snap: SnapshotReference,
): Promise<(readonly [string, string])[]> {
  const { xml } = await connection.call("domainSnapshotGetXmlDesc", { snap, flags: 0 });
  const { current } = await connection.call("domainSnapshotIsCurrent", { snap, flags: 0 });
  const { metadata } = await connection.call("domainSnapshotHasMetadata", { snap, flags: 0 });
  const children = await connection.call("domainSnapshotNumChildren", { snap, flags: 0 });
  const descendants = await connection.call("domainSnapshotNumChildren", { snap, flags: 1 });
  const root = parseXml(xml);
  return [
    ["Name", snap.name],
    ["Domain", snap.dom.name],
    ["Current", current === 0 ? "no" : "yes"],
    ["State", childAt(root, "state")?.text ?? ""],
    ["Location", location(xml)],
    ["Parent", childAt(root, "parent", "name")?.text ?? "-"],
    ["Children", String(children.num)],
    ["Descendants", String(descendants.num)],
    ["Metadata", metadata === 0 ? "no" : "yes"],
  ];
}

export const handlers: HandlersOf<typeof snapshotCommands> = {
  async "snapshot-info"({ domain, snapshotname: name, current }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const fields = await describe(connection, await chosen(connection, dom, { name, current }));
    return { data: Object.fromEntries(fields), text: formatFields(fields, 16) };
  },

  async "snapshot-current"(args, context) {
    const { domain, name, "security-info": secure, snapshotname } = args;
    exclusive({ name, snapshotname }, "name", "snapshotname");
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    if (snapshotname !== undefined) {
      const wanted = { name: snapshotname, current: false };
      const snap = await chosen(connection, dom, wanted);
      const { xml } = await connection.call("domainSnapshotGetXmlDesc", { snap, flags: 1 });
      // redefine it, and make it the current one
      await connection.call("domainSnapshotCreateXml", { dom, xml_desc: xml, flags: 3 });
      return {
        data: { name: snapshotname },
        text: comfort(`Snapshot ${snapshotname} set as current`),
      };
    }
    const { result } = await connection.call("domainHasCurrentSnapshot", { dom, flags: 0 });
    if (result === 0) throw new CommandError(`domain '${domain}' has no current snapshot`);
    const { snap } = await connection.call("domainSnapshotCurrent", { dom, flags: 0 });
    if (name) return { data: { name: snap.name }, text: snap.name };
    const flags = bits([secure, 1]);
    const { xml } = await connection.call("domainSnapshotGetXmlDesc", { snap, flags });
    return document(xml);
  },

  async "snapshot-parent"({ domain, snapshotname: name, current }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const snap = await chosen(connection, dom, { name, current });
    const { xml } = await connection.call("domainSnapshotGetXmlDesc", { snap, flags: 0 });
    const parent = childAt(parseXml(xml), "parent", "name")?.text;
    if (parent === undefined) throw new CommandError(`snapshot '${snap.name}' has no parent`);
    return { data: { name: parent }, text: parent };
  },

  async "snapshot-dumpxml"(args, context) {
    const { domain, snapshotname: name, "security-info": secure } = args;
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const snap = await chosen(connection, dom, { name, current: false });
    const flags = bits([secure, 1]);
    const { xml } = await connection.call("domainSnapshotGetXmlDesc", { snap, flags });
    return document(selected(xml, args));
  },

  async "snapshot-revert"(args, context) {
    const { domain, snapshotname: name, current, running, paused, force } = args;
    const flags = bits([running, 1], [paused, 2], [force, 4], [args["reset-nvram"], 8]);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const snap = await chosen(connection, dom, { name, current });
    await attempt(
      `Failed to revert snapshot ${snap.name}`,
      connection.call("domainRevertToSnapshot", { snap, flags }, noDeadline),
    );
    return done(`Domain snapshot ${snap.name} reverted`, { name: snap.name });
  },

  async "snapshot-delete"(args, context) {
    const { domain, snapshotname: name, current, metadata } = args;
    exclusive(args, "children", "children-only");
    const childrenOnly = args["children-only"];
    const flags = bits([args.children, 1], [metadata, 2], [childrenOnly, 4]);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const snap = await chosen(connection, dom, { name, current });
    await attempt(
      `Failed to delete snapshot ${snap.name}`,
      connection.call("domainSnapshotDelete", { snap, flags }, noDeadline),
    );
    const what = childrenOnly
      ? `Domain snapshot ${snap.name} children deleted`
      : `Domain snapshot ${snap.name} deleted`;
    return done(what, { name: snap.name });
  },
};
