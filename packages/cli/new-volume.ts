/** Makes and fills volumes, as steps that can be taken back. */
import type { StorageVolReference } from "@vireo/sdk/libvirt/procedure";
import type { Connection } from "./connection.ts";
import { escapeXml } from "./grammar/escape.ts";
import { findPool } from "./lookup.ts";
import type { Rollback } from "./rollback.ts";

export interface VolumeWish {
  readonly pool: string;
  readonly name: string;
  /** Bytes. */
  readonly capacity: bigint;
  readonly format: string;
  /** The image that it is a layer upon. */
  readonly backing?: { readonly path: string; readonly format: string };
}

/** Nothing that grows with an image's size has a deadline; the connection notices a dead daemon. */
export const noDeadline = { timeoutMs: Number.POSITIVE_INFINITY };

const volumeXml = ({ name, capacity, format, backing }: VolumeWish): string =>
  `<volume><name>${escapeXml(name)}</name><capacity>${capacity}</capacity><allocation>0</allocation>` +
  `<target><format type='${escapeXml(format)}'/></target>${
    backing === undefined
      ? ""
      : `<backingStore><path>${escapeXml(backing.path)}</path><format type='${escapeXml(backing.format)}'/></backingStore>`
  }</volume>`;

export interface Making {
  readonly connection: Connection;
  readonly steps: Rollback;
}

/** @param from copied from there instead of made empty */
export async function makeVolume(
  { connection, steps }: Making,
  wish: VolumeWish,
  from?: StorageVolReference,
): Promise<{ readonly vol: StorageVolReference; readonly path: string }> {
  const pool = await findPool(connection, wish.pool);
  const xml = volumeXml(wish);
  const { vol } =
    from === undefined
      ? await connection.call("storageVolCreateXml", { pool, xml, flags: 0 }, noDeadline)
      : await connection.call(
          "storageVolCreateXmlFrom",
          { pool, xml, clonevol: from, flags: 0 },
          noDeadline,
        );
  steps.add(() => connection.call("storageVolDelete", { vol, flags: 0 }));
  return { vol, path: (await connection.call("storageVolGetPath", { vol })).name };
}

/** Writes all of `pieces` into a volume. */
export async function fillVolume(
  connection: Connection,
  vol: StorageVolReference,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const wanted = { vol, offset: 0n, length: 0n, flags: 0 };
  const { stream } = await connection.callStream("storageVolUpload", wanted, noDeadline);
  for await (const piece of pieces) await stream.write(piece);
  await stream.finish();
}
