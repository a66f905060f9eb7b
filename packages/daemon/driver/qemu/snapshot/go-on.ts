/** A domain that writes to new images from now on. */
import { formatDomain } from "@vireo/model/domain/format-domain";
import { pathOf } from "@vireo/model/moment/align-disks";
import type { DeviceWork } from "../device-work.ts";
import { withDisks, withImage, type NewImage } from "./disk-source-change.ts";

/** Definition and running configuration go on with new images, named by the target of their disk. */
export async function goOnWith(
  { actor, definitions }: DeviceWork,
  images: ReadonlyMap<string, NewImage>,
): Promise<void> {
  const { definition, live, persistent } = actor.view;
  const before = new Map(
    (live?.config ?? definition).devices.disks?.map((disk) => [disk.target?.dev, pathOf(disk)]),
  );
  const imageFor = (target: string | undefined): NewImage | undefined => images.get(target ?? "");
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
      return image && withImage(disk, image, { below: true });
    });
  actor.update({
    definition: changed,
    ...(live && running ? { live: { ...live, config: running } } : {}),
  });
  // QEMU writes to the new images already: that is known here also when the definition cannot be written
  if (persistent)
    await definitions.env.store.saveDefinition(
      actor.view.name,
      formatDomain(changed, { secure: true }),
    );
}
