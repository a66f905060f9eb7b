/** What other drivers may ask about the images of domains. */
import type { BackingStore } from "@vireo/model/domain/device/disk-chain";
import { pathOf } from "@vireo/model/moment/align-disks";
import type { ImageReaders } from "../contract.ts";
import type { Definitions } from "./definition.ts";
import { allReaders, imageOf, type Reader } from "./snapshot/image-readers.ts";

const kindOf = ({ snapshot, live }: Reader): "snapshot" | "running" | "defined" =>
  snapshot !== undefined ? "snapshot" : live === true ? "running" : "defined";

/** The paths of a chain that the live XML tells. */
function* pathsBelow(store: BackingStore | undefined): Generator<string> {
  for (let at = store; at !== undefined && at.type !== "none"; at = at.backingStore) {
    const path = pathOf(at);
    if (path !== undefined) yield path;
  }
}

export const imageUsers = (definitions: Definitions): ImageReaders => ({
  all: async () =>
    (await allReaders(definitions))
      .map((reader) => ({
        kind: kindOf(reader),
        who: reader.who,
        domain: reader.actor.view.name,
        chain: reader.chain,
        persistent: reader.actor.view.persistent,
      }))
      // what a transient domain was made from is nobody's to start from again
      .filter(({ kind, persistent }) => kind !== "defined" || persistent),
  open: () =>
    definitions.list.all().flatMap(({ view: { name, live, persistent } }) =>
      (live?.config.devices.disks ?? []).flatMap((disk) => {
        const who = `running domain '${name}'`;
        const top = imageOf(disk, definitions.env.volumes);
        const below = [...pathsBelow(disk.backingStore)];
        return [
          ...(top === undefined ? [] : [{ who, path: top, passing: !persistent }]),
          ...below.map((path) => ({ who, path, passing: false })),
        ];
      }),
    ),
});
