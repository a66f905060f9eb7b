/** A domain that writes to new images from now on. */
import { formatDomain } from "@vireo/model/domain/format-domain";
import type { Disk } from "@vireo/model/domain/device/disk";
import { pathOf } from "@vireo/model/moment/align-disks";
import { chainOfDisk, pathOf as imagePath } from "@vireo/qemu/block/chain";
import type { DeviceWork } from "../device-work.ts";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { withDisks, withImage, type NewImage } from "./disk-source-change.ts";

const keepDefinition = (
  { actor, definitions: { env } }: Pick<DeviceWork, "actor" | "definitions">,
  definition: ResolvedDomain,
): Promise<void> =>
  env.store.saveDefinition(actor.view.name, formatDomain(definition, { secure: true }));

/** A domain that is off goes back to its images; when that cannot be written it stays on the new ones. */
export async function goBackTo(work: DeviceWork, definition: ResolvedDomain): Promise<void> {
  await keepDefinition(work, definition);
  work.actor.update({ definition });
}

const isOn = (disk: Disk, { path }: NewImage): boolean => pathOf(disk) === path;

/** Where the disk was: a daemon that died may have written down that it runs on the new image, and no more. */
function pathBefore(disk: Disk, image: NewImage | undefined): string | undefined {
  if (image === undefined || !isOn(disk, image)) return pathOf(disk);
  const below = chainOfDisk(disk).images[1];
  return below && imagePath(below);
}

/** Definition and running configuration go on with new images, named by the target of their disk. */
export async function goOnWith(
  work: DeviceWork,
  images: ReadonlyMap<string, NewImage>,
): Promise<void> {
  const { actor } = work;
  const { definition, live, persistent } = actor.view;
  const imageFor = (target: string | undefined): NewImage | undefined => images.get(target ?? "");
  const before = new Map(
    (live?.config ?? definition).devices.disks?.map((disk) => [
      disk.target?.dev,
      pathBefore(disk, imageFor(disk.target?.dev)),
    ]),
  );
  const changed = withDisks(definition, (disk) => {
    const image = imageFor(disk.target?.dev);
    if (image === undefined || pathOf(disk) !== before.get(disk.target?.dev)) return undefined;
    const { index: _running, ...plain } = image;
    return withImage(disk, plain, { below: false });
  });
  const running =
    live &&
    withDisks(live.config, (disk) => {
      const image = imageFor(disk.target?.dev);
      if (image === undefined || isOn(disk, image)) return undefined;
      return withImage(disk, image, { below: true });
    });
  // QEMU writes to the new images already: that is known here also when the definition cannot be written
  if (live && running) actor.update({ live: { ...live, config: running }, definition: changed });
  if (persistent) await keepDefinition(work, changed);
  if (live === undefined) actor.update({ definition: changed });
}
