/** Parts without which single devices mean nothing, and smallest sizes. */
import type { Channel } from "../device/channel.ts";
import type { Disk } from "../device/disk.ts";
import type { Hostdev } from "../device/hostdev.ts";
import type { Input } from "../device/input.ts";
import type { MemoryDevice } from "../device/memory-device.ts";
import type { Smartcard } from "../device/smartcard.ts";
import type { Video, VideoModel } from "../device/video.ts";
import { eachDevice, inTurn } from "./each-device.ts";
import { unsupported, wrongXml } from "./refuse.ts";
import { isPowerOfTwo } from "./power-of-two.ts";

function channelEnds({ target }: Channel): void {
  if (target === undefined) wrongXml("target type must be specified for channel device");
  if (target.type !== "guestfwd") return;
  if (target.address === undefined) wrongXml("guestfwd channel does not define a target address");
  if (target.port === undefined) wrongXml("guestfwd channel does not define a target port");
}
function cardSource({ mode, type }: Smartcard): void {
  if (mode === "passthrough" && type === "none")
    wrongXml("passthrough mode requires a character device type attribute");
}
function moduleSize({ target }: MemoryDevice): void {
  if (target === undefined) wrongXml("missing <target> element for <memory> device");
  if (target.sizeKiB === undefined) wrongXml("missing element or attribute './size'");
}
function scsiAddress(hostdev: Hostdev): void {
  if (hostdev.type !== "scsi" || hostdev.source?.protocol === "iscsi") return;
  if (hostdev.source?.address === undefined)
    wrongXml("'address' must be specified for scsi hostdev source");
}

/** Said as soon as the definition is read. */
export const checkDeviceParts = inTurn(
  eachDevice(({ channels }) => channels, channelEnds),
  eachDevice(({ smartcards }) => smartcards, cardSource),
  eachDevice(({ memories }) => memories, moduleSize),
  eachDevice(({ hostdevs }) => hostdevs, scsiAddress),
);

const SECONDARY: readonly (VideoModel | undefined)[] = ["qxl", "virtio"];
const MIB_IN_KIB = 1024;

function besideFirst({ model }: Video): void {
  const type = model?.type;
  if (type !== "none" && model?.primary !== true && !SECONDARY.includes(type))
    unsupported(`video type '${type ?? ""}' is only valid as primary video device`);
}
function memorySize({ model }: Video): void {
  const { type, vgaMemKiB, vramKiB } = model ?? {};
  if (type === "vga" || type === "vmvga") atLeastMiB("vram", vramKiB);
  if (type !== "qxl") return;
  atLeastMiB("vgamem", vgaMemKiB);
  if (vgaMemKiB !== undefined && !isPowerOfTwo(vgaMemKiB))
    unsupported("value for 'vgamem' must be power of two");
}
function atLeastMiB(name: string, size: number | undefined): void {
  if (size !== undefined && size < MIB_IN_KIB)
    unsupported(`value for '${name}' must be at least 1 MiB (1024 KiB)`);
}
/** Cards beside the first one, and memory of cards. */
export const checkVideoSizes = eachDevice(({ videos }) => videos, besideFirst, memorySize);

function diskThread({ driver, target }: Disk): void {
  if (driver?.iothread !== undefined && target?.bus !== "virtio")
    unsupported(`IOThreads not available for bus ${target?.bus ?? ""} target ${target?.dev ?? ""}`);
}
function inputBus({ type, bus }: Input): void {
  if (type === "passthrough" && bus !== "virtio")
    unsupported("only bus 'virtio' is supported for 'passthrough' input devices");
}
/** I/O threads serve virtio disks; event devices of the host are passed through by virtio. */
export const checkVirtioOnly = inTurn(
  eachDevice(({ disks }) => disks, diskThread),
  eachDevice(({ inputs }) => inputs, inputBus),
);

/** A chip that only other boards have. */
export const checkBuiltInScsi = eachDevice(
  ({ controllers }) => controllers,
  (controller) => {
    if (controller.type === "scsi" && controller.model === "ncr53c90")
      unsupported(`${controller.model} SCSI controller is not a built-in for this machine`);
  },
);
