/** Parts without which single devices mean nothing, and smallest sizes. */
import type { VideoModel } from "../device/video.ts";
import type { Domain } from "../domain.ts";
import { unsupported, wrongXml } from "./refuse.ts";

/** Said as soon as the definition is read. */
export function checkDeviceParts({ devices }: Domain): void {
  for (const { target } of devices?.channels ?? []) {
    if (target === undefined) wrongXml("target type must be specified for channel device");
    if (target.type === "guestfwd" && target.address === undefined)
      wrongXml("guestfwd channel does not define a target address");
    if (target.type === "guestfwd" && target.port === undefined)
      wrongXml("guestfwd channel does not define a target port");
  }
  for (const { mode, type } of devices?.smartcards ?? [])
    if (mode === "passthrough" && type === "none")
      wrongXml("passthrough mode requires a character device type attribute");
  for (const { target } of devices?.memories ?? []) {
    if (target === undefined) wrongXml("missing <target> element for <memory> device");
    if (target.sizeKiB === undefined) wrongXml("missing element or attribute './size'");
  }
  for (const hostdev of devices?.hostdevs ?? [])
    if (hostdev.type === "scsi" && hostdev.source?.protocol !== "iscsi")
      if (hostdev.source?.address === undefined)
        wrongXml("'address' must be specified for scsi hostdev source");
}

const SECONDARY: readonly (VideoModel | undefined)[] = ["qxl", "virtio"];
const MIB_IN_KIB = 1024;

/** Cards beside the first one, and memory of cards. */
export function checkVideoSizes({ devices }: Domain): void {
  for (const { model } of devices?.videos ?? []) {
    const type = model?.type;
    if (type !== "none" && model?.primary !== true && !SECONDARY.includes(type))
      unsupported(`video type '${type ?? ""}' is only valid as primary video device`);
    if (type === "qxl") atLeastMiB("vgamem", model?.vgaMemKiB);
    if (type === "qxl" && !Number.isInteger(Math.log2(model?.vgaMemKiB ?? 1)))
      unsupported("value for 'vgamem' must be power of two");
    if (type === "vga" || type === "vmvga") atLeastMiB("vram", model?.vramKiB);
  }
}

function atLeastMiB(name: string, size: number | undefined): void {
  if (size !== undefined && size < MIB_IN_KIB)
    unsupported(`value for '${name}' must be at least 1 MiB (1024 KiB)`);
}

/** I/O threads serve virtio disks; event devices of the host are passed through by virtio. */
export function checkVirtioOnly({ devices }: Domain): void {
  for (const { driver, target } of devices?.disks ?? [])
    if (driver?.iothread !== undefined && target?.bus !== "virtio")
      unsupported(
        `IOThreads not available for bus ${target?.bus ?? ""} target ${target?.dev ?? ""}`,
      );
  for (const { type, bus } of devices?.inputs ?? [])
    if (type === "passthrough" && bus !== "virtio")
      unsupported("only bus 'virtio' is supported for 'passthrough' input devices");
}

/** A chip that only other boards have. */
export function checkBuiltInScsi({ devices }: Domain): void {
  for (const controller of devices?.controllers ?? [])
    if (controller.type === "scsi" && controller.model === "ncr53c90")
      unsupported(`${controller.model} SCSI controller is not a built-in for this machine`);
}
