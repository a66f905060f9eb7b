/** The logical units that the kernel knows; runs in the process that touches storage. */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { UnitFacts } from "./hand-protocol.ts";

const SECTOR = 512;

/** Number of the host that an iSCSI session is. */
function hostOfSession(sys: string, session: string): number {
  const device = realpathSync(join(sys, `class/iscsi_session/session${session}/device`));
  return Number(/\/host(\d+)(?:\/|$)/.exec(device)?.[1] ?? Number.NaN);
}

/** The link in `target` that leads to a device, which stays when devices are numbered anew. */
function stablePath(target: string, device: string): string {
  if (target === "/dev" || !target.startsWith("/dev/") || !existsSync(target)) return device;
  const links = readdirSync(target).map((name) => join(target, name));
  return links.find((link) => pointsTo(link, device)) ?? device;
}

function pointsTo(link: string, device: string): boolean {
  try {
    return realpathSync(link) === device;
  } catch {
    return false; // a dangling link
  }
}

/** @throws Error with errno */
export function scsiUnits(
  sys: string,
  target: string,
  adapter: { readonly host?: number; readonly session?: string },
): readonly UnitFacts[] {
  const host = adapter.host ?? hostOfSession(sys, adapter.session ?? "");
  const devices = join(sys, "bus/scsi/devices");
  return readdirSync(devices).flatMap((entry) => {
    const [, of, address] = /^(\d+):(\d+:\d+:\d+)$/.exec(entry) ?? [];
    const block = join(devices, entry, "block");
    if (Number(of) !== host || address === undefined || !existsSync(block)) return [];
    return readdirSync(block).map((name) => ({
      address,
      path: stablePath(target, `/dev/${name}`),
      size: Number(readFileSync(join(block, name, "size"), "utf8")) * SECTOR,
    }));
  });
}
