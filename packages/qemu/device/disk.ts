/** `<disk>`: block nodes on the host, a device in the guest. */
import type { Disk } from "@vireo/model/domain/device/disk";
import { type Image, chainOf, imageNodes } from "../block/image.ts";
import type { ChainIds } from "../block/node-ids.ts";
import type { PlugStep } from "../plug.ts";
import { optionString, type CommandArg, rawArg } from "../command/argument.ts";
import { aliasOf } from "./alias.ts";
import { diskDevice } from "./disk-frontend.ts";
import { diskImage, imageNames } from "./disk-image.ts";
import { definedChain, imageObjectSteps } from "./disk-objects.ts";
import type { DeviceScope } from "./scope.ts";
import { blockdevStep, chardevStep, deviceStep } from "./step.ts";

/** Node that copies what is read into the image above it. */
const copyOnReadNode = (disk: Disk): string => `libvirt-CoR-${disk.target?.dev ?? ""}`;

function copyOnReadStep(disk: Disk, image: Image, { origin }: DeviceScope): PlugStep {
  return blockdevStep(
    {
      driver: "copy-on-read",
      "node-name": copyOnReadNode(disk),
      file: image.formatNode,
      discard: "unmap",
    },
    origin,
  );
}

function vhostUserSteps(
  disk: Extract<Disk, { type: "vhostuser" }>,
  scope: DeviceScope,
): PlugStep[] {
  const { source } = disk;
  const chardev = `chr-vu-${aliasOf(disk)}`;
  const reconnect = source?.reconnect?.enabled === true ? source.reconnect.timeout : undefined;
  return [
    chardevStep(
      {
        id: chardev,
        backend: {
          type: "unix",
          path: source?.path ?? "",
          ...(reconnect === undefined ? {} : { reconnect }),
        },
      },
      scope.origin,
    ),
    deviceStep(diskDevice(disk, { chardev }, scope), scope.origin),
  ];
}

/** Objects and block nodes of all images, the lowest image first. */
function chainSteps(disk: Disk, image: Image, scope: DeviceScope): PlugStep[] {
  const definitions = definedChain(disk).toReversed();
  const images = chainOf(image);
  return images.flatMap((one, index) => [
    ...imageObjectSteps(
      one,
      definitions[definitions.length - images.length + index] ?? disk,
      scope,
    ),
    ...imageNodes(one).map((node) => blockdevStep(node, scope.origin)),
  ]);
}

/** Everything a disk needs, the lowest image first. `ids` number its images, top first. */
export function diskSteps(disk: Disk, ids: ChainIds, scope: DeviceScope): PlugStep[] {
  if (disk.type === "vhostuser") return vhostUserSteps(disk, scope);
  const image = diskImage(disk, ids.map(imageNames), scope);
  if (image === undefined) return [deviceStep(diskDevice(disk, {}, scope), scope.origin)];
  const copyOnRead = disk.driver?.copyOnRead === true;
  return [
    ...chainSteps(disk, image, scope),
    ...(copyOnRead ? [copyOnReadStep(disk, image, scope)] : []),
    deviceStep(
      diskDevice(disk, { drive: copyOnRead ? copyOnReadNode(disk) : image.formatNode }, scope),
      scope.origin,
    ),
  ];
}

/** SD cards have no device of their own, only the old option. */
export function sdCardArg(disk: Disk, index: number, origin: string): CommandArg {
  const file =
    disk.type === "file" ? disk.source?.file : disk.type === "block" ? disk.source?.dev : undefined;
  return rawArg(
    "-drive",
    optionString(undefined, [
      ["file", file],
      ["format", disk.driver?.type ?? "raw"],
      ["if", "sd"],
      ["index", index],
    ]),
    origin,
  );
}
