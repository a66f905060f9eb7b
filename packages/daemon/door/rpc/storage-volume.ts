/** RPC procedures about storage volumes. */
import { virError } from "@vireo/model/error";
import { WIPE_ALGORITHMS } from "@vireo/model/operation/storage-volume";
import type { VolumeRef } from "@vireo/model/operation/storage-value";
import { VOLUME_TYPES } from "@vireo/model/storage/volume";
import { ask, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { poolOf, wireVolume } from "./storage-pool.ts";
import { receiveVolume, sendVolume } from "./volume-stream.ts";

const CREATE = { preallocate: 1, reflink: 2 } as const;
const RESIZE = { allocate: 1, delta: 2, shrink: 4 } as const;

/** libvirt finds a volume by its pool's name and its own; the key may be stale. */
const volumeOf = ({ pool, name }: { pool: string; name: string }): VolumeRef => ({ pool, name });

const info = async (vol: { pool: string; name: string }, call: DoorCall) => {
  const found = await ask(call, ["storageVolume", "info"], { volume: volumeOf(vol) });
  return { ...found, type: VOLUME_TYPES.indexOf(found.type) };
};

function wipe(
  {
    vol,
    algorithm,
    flags,
  }: { vol: { pool: string; name: string }; algorithm: number; flags: number },
  call: DoorCall,
): Promise<void> {
  readFlags(flags, {}, "storageVolWipePattern");
  const name = WIPE_ALGORITHMS[algorithm];
  if (name === undefined)
    throw virError("invalidArg", `wiping algorithm ${algorithm} not supported`);
  return ask(call, ["storageVolume", "wipe"], { volume: volumeOf(vol), algorithm: name });
}

/** What a client asks for with 2^63 bytes and more is all there is. */
const bytes = (value: bigint): number =>
  value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);

const readHandlers: DoorHandlers = {
  storageVolLookupByName: async ({ pool, name }, call) => {
    const { name: poolName } = await ask(call, ["storagePool", "lookup"], { pool: poolOf(pool) });
    const volume = { pool: poolName, name };
    return { vol: wireVolume(await ask(call, ["storageVolume", "lookup"], { volume })) };
  },
  storageVolLookupByKey: async ({ key }, call) => ({
    vol: wireVolume(await ask(call, ["storageVolume", "lookup"], { volume: { key } })),
  }),
  storageVolLookupByPath: async ({ path }, call) => ({
    vol: wireVolume(await ask(call, ["storageVolume", "lookup"], { volume: { path } })),
  }),
  storageVolGetInfo: async ({ vol }, call) => {
    const { type, capacity, allocation } = await info(vol, call);
    return { type, capacity: BigInt(capacity), allocation: BigInt(allocation) };
  },
  storageVolGetInfoFlags: async ({ vol, flags }, call) => {
    const { physical: wanted } = readFlags(flags, { physical: 1 }, "storageVolGetInfoFlags");
    const { type, capacity, allocation, physical = 0 } = await info(vol, call);
    return {
      type,
      capacity: BigInt(capacity),
      allocation: BigInt(wanted === true ? physical : allocation),
      flags,
    };
  },
  storageVolGetXmlDesc: async ({ vol, flags }, call) => {
    readFlags(flags, {}, "storageVolGetXMLDesc");
    return { xml: await ask(call, ["storageVolume", "xml"], { volume: volumeOf(vol) }) };
  },
  storageVolGetPath: async ({ vol }, call) => ({
    name: await ask(call, ["storageVolume", "path"], { volume: volumeOf(vol) }),
  }),
};

export const storageVolumeHandlers: DoorHandlers = {
  ...readHandlers,
  storageVolCreateXml: async ({ pool, xml, flags }, call) => {
    const ways = readFlags(flags, CREATE, "storageVolCreateXML");
    const made = await ask(call, ["storageVolume", "create"], { pool: poolOf(pool), xml, ...ways });
    return { vol: wireVolume(made) };
  },
  storageVolCreateXmlFrom: async ({ pool, xml, clonevol, flags }, call) => {
    const ways = readFlags(flags, CREATE, "storageVolCreateXMLFrom");
    const wish = { pool: poolOf(pool), xml, from: volumeOf(clonevol), ...ways };
    return { vol: wireVolume(await ask(call, ["storageVolume", "createFrom"], wish)) };
  },
  storageVolDelete: ({ vol, flags }, call) => {
    const ways = readFlags(flags, { zeroed: 1 }, "virStorageBackendVolDeleteLocal");
    return ask(call, ["storageVolume", "delete"], { volume: volumeOf(vol), ...ways });
  },
  storageVolWipe: ({ vol, flags }, call) => wipe({ vol, algorithm: 0, flags }, call),
  storageVolWipePattern: wipe,
  storageVolResize: ({ vol, capacity, flags }, call) => {
    const ways = readFlags(flags, RESIZE, "storageVolResize");
    const size = { capacity: bytes(capacity), ...ways };
    return ask(call, ["storageVolume", "resize"], { volume: volumeOf(vol), ...size });
  },
  storageVolUpload: async ({ vol, offset, length, flags }, call) => {
    const ways = readFlags(flags, { sparse: 1 }, "storageVolUpload");
    const part = { volume: volumeOf(vol), offset: bytes(offset), length: bytes(length), ...ways };
    const into = await ask(call, ["storageVolume", "upload"], part);
    call.openStream((stream) => receiveVolume(stream, into));
  },
  storageVolDownload: async ({ vol, offset, length, flags }, call) => {
    const ways = readFlags(flags, { sparse: 1 }, "storageVolDownload");
    const part = { volume: volumeOf(vol), offset: bytes(offset), length: bytes(length), ...ways };
    const from = await ask(call, ["storageVolume", "download"], part);
    call.openStream((stream) => sendVolume(stream, from));
  },
};
