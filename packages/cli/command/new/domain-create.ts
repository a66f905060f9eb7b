/** Makes a domain with its volumes; the daemon does it, all or nothing, whatever becomes of us. */
import { resolve } from "node:path";
import { OPERATIONS, type OperationInput } from "@vireo/model/operation/operations";
import { type ImagePlace, newDomainXml } from "@vireo/sdk/new-domain";
import { formatVolume } from "@vireo/model/storage/parse-volume";
import { attempt, CommandError, done, type Answer, type HandlersOf } from "../../answer.ts";
import type { newDomainCommands } from "../../catalog/new-domain.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { Connection } from "../../connection.ts";
import { findVolume } from "../../find-volume.ts";
import { noDeadline } from "../../new-volume.ts";
import { readDescription } from "../../read-file.ts";
import { bootOf, graphicsOf, keyValues, networkOf } from "./domain-wish.ts";
import { withInstaller } from "./installer.ts";
import { osVariant, type OsVariant } from "./os-variant.ts";
import { formatOf } from "./volume-format.ts";

type Wish = ArgumentsOf<(typeof newDomainCommands)["domain-create"]>;
type Input = OperationInput<"domain", "createWithVolumes">;
type NewVolume = NonNullable<Input["volumes"]>[number];

const MIB = 1024 ** 2;
const DEFAULT_POOL = "default";
/** With a seed and a medium they have a letter each. */
const MOST_DISKS = 24;
/** What is asked for when nobody says which OS it is. */
const MODERN: OsVariant = { memoryMiB: 1024, virtio: { block: true, net: true } };

/** KVM only where the daemon saw it work. */
async function typeOf(connection: Connection, wish: Wish): Promise<"kvm" | "qemu"> {
  if (wish.type === "kvm" || wish.type === "qemu") return wish.type;
  if (wish.type !== undefined) throw new CommandError(`type '${wish.type}' is not kvm or qemu`);
  const { capabilities } = await connection.call("connectGetCapabilities");
  return capabilities.includes("<domain type='kvm'") ? "kvm" : "qemu";
}

interface ChosenDisk {
  readonly place: ImagePlace;
  /** To be made first. */
  readonly made?: NewVolume;
}

/** @throws CommandError */
function newDisk(name: string, parts: ReadonlyMap<string, string>): ChosenDisk {
  const size = Number(parts.get("size"));
  if (!(size > 0)) throw new CommandError(`size '${parts.get("size") ?? ""}' is no number of GiB`);
  const { format = "qcow2", pool = DEFAULT_POOL } = Object.fromEntries(parts);
  const volume = `${name}.${format}`;
  const xml = formatVolume({
    type: "file",
    name: volume,
    capacity: Math.ceil(size * 1024) * MIB,
    allocation: 0,
    target: { format: { type: format } },
  });
  return { place: { pool, volume, format }, made: { pool, xml } };
}

async function chosenDisk(connection: Connection, disk: string, name: string): Promise<ChosenDisk> {
  const parts = keyValues(disk, ["size", "pool", "format", "path", "volume"]);
  if (parts.has("size")) return newDisk(name, parts);
  const [path, volume] = [parts.get("path"), parts.get("volume")];
  if (path !== undefined)
    return { place: { path: resolve(path), format: parts.get("format") ?? "qcow2" } };
  if (volume === undefined) throw new CommandError(`'${disk}' has no size, path or volume`);
  const pool = parts.get("pool") ?? DEFAULT_POOL;
  const vol = await findVolume(connection, volume, { pool });
  return { place: { pool, volume, format: await formatOf(connection, vol) } };
}

async function disksOf(connection: Connection, wish: Wish): Promise<readonly ChosenDisk[]> {
  const wanted = wish.disk.filter((disk) => disk !== "none");
  if (wish.import && (wanted.length === 0 || wanted[0]?.includes("size=") === true))
    throw new CommandError("--import wants a disk that is there");
  const chosen: ChosenDisk[] = [];
  for (const [at, disk] of wanted.entries())
    chosen.push(await chosenDisk(connection, disk, at === 0 ? wish.name : `${wish.name}-${at}`));
  return chosen;
}

/** Beside the first disk. */
async function seedOf(wish: Wish, disks: readonly ChosenDisk[]): Promise<Input["seed"]> {
  const { "cloud-init": file, "network-config": network, name } = wish;
  if (file === undefined) return undefined;
  const pools = disks.flatMap(({ place }) => ("pool" in place ? [place.pool] : []));
  return {
    pool: pools[0] ?? DEFAULT_POOL,
    name: `${name}-seed.iso`,
    userData: await readDescription(file),
    ...(network === undefined ? {} : { networkConfig: await readDescription(network) }),
  };
}

async function wishedFor(connection: Connection, wish: Wish): Promise<Input> {
  const { name, vcpus = 1, "os-variant": os } = wish;
  const variant = os === undefined ? MODERN : await osVariant(os);
  const disks = await disksOf(connection, wish);
  const seed = await seedOf(wish, disks);
  const { virtio } = variant;
  if (disks.length > MOST_DISKS) throw new CommandError("too many disks");
  const xml = newDomainXml({
    name,
    memoryMiB: wish.memory ?? variant.memoryMiB,
    vcpus,
    type: await typeOf(connection, wish),
    disks: disks.map(({ place }) => place),
    media: wish.cdrom === undefined ? undefined : { path: resolve(wish.cdrom), format: "raw" },
    seed: seed && { pool: seed.pool, volume: seed.name, format: "raw" },
    network: networkOf(wish.network ?? "user"),
    graphics: graphicsOf(wish.graphics ?? "vnc"),
    ...bootOf(wish.boot),
    without: { block: !virtio.block, net: !virtio.net },
  });
  return {
    xml,
    volumes: disks.flatMap(({ made }) => made ?? []),
    start: !wish["no-start"],
    ...(seed === undefined ? {} : { seed }),
  };
}

export const createDomain = async (
  wish: Wish,
  context: Parameters<NonNullable<HandlersOf<typeof newDomainCommands>["domain-create"]>>[1],
): Promise<Answer> => {
  const connection = await context.connection();
  const input = await wishedFor(connection, wish);
  if (wish["print-xml"]) return { data: { xml: input.xml }, text: input.xml };
  const { location, "extra-args": args = "", unattended: answers } = wish;
  if (answers !== undefined && location === undefined)
    throw new CommandError("--unattended wants --location, the installer that is to be answered");
  const make = (installer: Input["installer"]) =>
    connection.run(
      OPERATIONS.domain.createWithVolumes,
      { ...input, ...(installer === undefined ? {} : { installer }) },
      noDeadline,
    );
  const made = await attempt(
    `Failed to create domain '${wish.name}'`,
    location === undefined ? make(undefined) : withInstaller({ location, args, answers }, make),
  );
  return done(`Domain '${wish.name}' created`, made);
};
