/** Whether another definition is the same machine to the guest whose memory was kept. Pure. */
import { virError, type VireoError } from "../error.ts";
import type { Domain } from "./domain.ts";
import type { ResolvedDomain } from "./resolve/resolved-domain.ts";

const differs = (what: string, wanted: unknown, kept: unknown): VireoError =>
  virError(
    "configUnsupported",
    `Target ${what} ${String(wanted)} does not match source ${String(kept)}`,
  );

/** What the guest counts on, and how libvirt names it. */
const PARTS: readonly (readonly [what: string, of: (domain: ResolvedDomain) => unknown])[] = [
  ["domain virt type", ({ type }) => type],
  ["domain uuid", ({ uuid }) => uuid],
  ["domain name", ({ name }) => `'${name}'`],
  ["domain max memory", ({ memory }) => memory.sizeKiB],
  ["domain vCPU max", ({ vcpu }) => vcpu.count],
  ["domain architecture", ({ os }) => os.type.arch],
  ["domain OS type", ({ os }) => os.type.name],
  ["domain machine type", ({ os }) => os.type.machine],
];

type Devices = NonNullable<Domain["devices"]>;

/** Kinds of devices of which the guest sees each, with libvirt's word for them. */
const KINDS = {
  disks: "disk",
  controllers: "controller",
  filesystems: "filesystem",
  interfaces: "net device",
  inputs: "input device",
  sounds: "sound card",
  videos: "video card",
  hostdevs: "host device",
  serials: "serial port",
  parallels: "parallel port",
  channels: "channel",
  consoles: "console",
  memories: "memory device",
} as const satisfies Partial<Record<keyof Devices, string>>;

interface Seen {
  readonly address?: object;
  readonly target?: { readonly dev?: string; readonly bus?: string };
  readonly model?: unknown;
}

const listOf = ({ devices }: ResolvedDomain, kind: keyof typeof KINDS): readonly Seen[] =>
  (devices[kind] ?? []).map((device: object): Seen => device);

/** Where and what a device is; behind it the host may change everything. */
const shown = ({ address, target, model }: Seen): string =>
  JSON.stringify([address ?? null, target?.bus ?? null, model ?? null]);

function checkDevices(kept: ResolvedDomain, wanted: ResolvedDomain): void {
  for (const kind of Object.keys(KINDS) as readonly (keyof typeof KINDS)[]) {
    const [before, after] = [listOf(kept, kind), listOf(wanted, kind)];
    const word = KINDS[kind];
    if (before.length !== after.length)
      throw differs(`domain ${word} count`, after.length, before.length);
    before.forEach((device, at) => {
      const other = after[at];
      if (other !== undefined && shown(device) !== shown(other))
        throw differs(`${word} ${at}`, shown(other), shown(device));
    });
  }
}

/** @throws VireoError `configUnsupported` that names what differs */
export function checkSameGuest(kept: ResolvedDomain, wanted: ResolvedDomain): void {
  for (const [what, of] of PARTS)
    if (of(kept) !== of(wanted)) throw differs(what, of(wanted), of(kept));
  checkDevices(kept, wanted);
}
