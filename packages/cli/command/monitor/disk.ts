import type { XmlElement } from "@vireo/model/xml/tree";
import { LibvirtError } from "@vireo/sdk/libvirt/libvirt-error";
import type { DomainReference, RemoteRet } from "@vireo/sdk/libvirt/procedure";
import { type Answer, attempt, CommandError, type HandlersOf } from "../../answer.ts";
import type { monitorCommands } from "../../catalog/monitor.ts";
import type { Connection } from "../../connection.ts";
import { attributeAt, devicesOf, diskSource, readDomain, XmlFlag } from "../../domain-device.ts";
import { formatFields } from "../../fields.ts";
import { findDomain } from "../../lookup.ts";
import { formatTable } from "../../table.ts";
import { formatSize } from "../../unit.ts";

type BlockInfo = RemoteRet<"domainGetBlockInfo">;

/** libvirt's code for "this driver cannot do that". */
const noSupport = 3;

/** virDomainDiskErrorCode. */
const diskErrors = ["no error", "unspecified error", "no space"];

const describeDisk = (
  disk: XmlElement,
): { type: string; device: string; target: string; source: string } => ({
  type: disk.attributes.get("type") ?? "file",
  device: disk.attributes.get("device") ?? "disk",
  target: attributeAt(disk, "target", "dev") ?? "-",
  source: diskSource(disk) ?? "-",
});

const sizes = ({ capacity, allocation, physical }: BlockInfo, human: boolean): string[] =>
  [capacity, allocation, physical].map((bytes) => (human ? formatSize(bytes) : String(bytes)));

async function allBlockInfo(
  connection: Connection,
  dom: DomainReference,
  human: boolean,
): Promise<Answer> {
  const domain = await readDomain(connection, dom);
  const rows = await Promise.all(
    devicesOf(domain, "disk").map(async (disk) => {
      const { target, source } = describeDisk(disk);
      if (source === "-") return { target, info: undefined };
      const wanted = { dom, path: target, flags: 0 };
      return { target, info: await connection.call("domainGetBlockInfo", wanted) };
    }),
  );
  return {
    data: rows.map(({ target, info }) => ({ target, ...info })),
    text: (view) =>
      formatTable(
        ["Target", "Capacity", "Allocation", "Physical"],
        rows.map(({ target, info }) => [
          target,
          ...(info === undefined ? ["-", "-", "-"] : sizes(info, human)),
        ]),
        view,
      ),
  };
}

/** Figures of a disk in virsh's order: parameter, words of `--human`. */
const figures: readonly (readonly [string, string])[] = [
  ["rd_operations", "number of read operations:"],
  ["rd_bytes", "number of bytes read:"],
  ["wr_operations", "number of write operations:"],
  ["wr_bytes", "number of bytes written:"],
  ["errs", "error count:"],
  ["flush_operations", "number of flush operations:"],
  ["rd_total_times", "total duration of reads (ns):"],
  ["wr_total_times", "total duration of writes (ns):"],
  ["flush_total_times", "total duration of flushes (ns):"],
];

/** Older names of the first figures, which virsh keeps printing. */
const printedNames: { readonly [name: string]: string } = {
  rd_operations: "rd_req",
  wr_operations: "wr_req",
};

async function blockFigures(
  connection: Connection,
  dom: DomainReference,
  path: string,
): Promise<ReadonlyMap<string, bigint>> {
  const wanted = { dom, path, nparams: 0, flags: 0 };
  try {
    const { nparams } = await connection.call("domainBlockStatsFlags", wanted);
    const { params } = await connection.call("domainBlockStatsFlags", { ...wanted, nparams });
    return new Map(params.map(({ field, value }) => [field, BigInt(value.value)]));
  } catch (error) {
    if (!(error instanceof LibvirtError && error.code === noSupport)) throw error;
    return await oldBlockFigures(connection, dom, path);
  }
}

/** What older drivers tell; a figure they do not know is negative. */
async function oldBlockFigures(
  connection: Connection,
  dom: DomainReference,
  path: string,
): Promise<ReadonlyMap<string, bigint>> {
  const stats = await attempt(
    `Failed to get block stats ${dom.name} ${path}`,
    connection.call("domainBlockStats", { dom, path }),
  );
  const named: readonly (readonly [string, bigint])[] = [
    ["rd_operations", stats.rd_req],
    ["rd_bytes", stats.rd_bytes],
    ["wr_operations", stats.wr_req],
    ["wr_bytes", stats.wr_bytes],
    ["errs", stats.errs],
  ];
  return new Map(named.filter(([, value]) => value >= 0n));
}

export const handlers: HandlersOf<typeof monitorCommands> = {
  async domblklist({ domain, inactive, details }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const root = await readDomain(connection, dom, inactive ? XmlFlag.inactive : 0);
    const disks = devicesOf(root, "disk").map(describeDisk);
    return {
      data: disks,
      text: (view) =>
        formatTable(
          [...(details ? ["Type", "Device"] : []), "Target", "Source"],
          disks.map(({ type, device, target, source }) => [
            ...(details ? [type, device] : []),
            target,
            source,
          ]),
          view,
        ),
    };
  },

  async domblkinfo({ domain, device, human, all }, context) {
    if (all && device !== undefined)
      throw new CommandError("Options --all and --device are mutually exclusive");
    if (!all && device === undefined)
      throw new CommandError("command 'domblkinfo' requires <device> option");
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    if (device === undefined) return await allBlockInfo(connection, dom, human);
    const info = await connection.call("domainGetBlockInfo", { dom, path: device, flags: 0 });
    const [capacity = "", allocation = "", physical = ""] = sizes(info, human);
    const fields = [
      ["Capacity", capacity],
      ["Allocation", allocation],
      ["Physical", physical],
    ] as const;
    return { data: info, text: formatFields(fields, 16) };
  },

  async domblkstat({ domain, device, human }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const path = device ?? "";
    const found = await blockFigures(connection, dom, path);
    const known = figures.filter(([name]) => found.has(name));
    const lines = known.map(([name, words]) =>
      human
        ? ` ${words.padEnd(31)} ${found.get(name)}\n`
        : `${path} ${printedNames[name] ?? name} ${found.get(name)}\n`,
    );
    const head = human ? `Device: ${path}\n` : "";
    return { data: Object.fromEntries(found), text: head + lines.join("") };
  },

  async domblkerror({ domain }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { nerrors } = await connection.call("domainGetDiskErrors", {
      dom,
      maxerrors: 0,
      flags: 0,
    });
    const { errors } = await connection.call("domainGetDiskErrors", {
      dom,
      maxerrors: nerrors,
      flags: 0,
    });
    const rows = errors.map(({ disk, error }) => ({
      disk,
      error: diskErrors[error] ?? "unknown",
    }));
    const text = rows.map(({ disk, error }) => `${disk}: ${error}\n`).join("");
    return { data: rows, text: rows.length === 0 ? "No errors found\n" : text };
  },
};
