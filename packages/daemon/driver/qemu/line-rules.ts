/** What libvirt refuses of character devices that come or go. Pure. */
import { isDeepStrictEqual } from "node:util";
import { virError } from "@vireo/model/error";
import type { Channel } from "@vireo/model/domain/device/channel";
import { hasDevice } from "@vireo/model/domain/device/change-devices";
import type { KindedDevice } from "@vireo/model/domain/device/parse-device";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";

const LINES: ReadonlySet<string> = new Set(["serials", "parallels", "consoles", "channels"]);

/** It only shows a serial port under another name. */
const isSerialConsole = ({ kind, device }: KindedDevice): boolean =>
  kind === "consoles" && (device.target?.type ?? "serial") === "serial";

/** A socket whose place is left to us has its place by the channel's name. */
const isSameSocket = ({ devices }: ResolvedDomain, { kind, device }: KindedDevice): boolean =>
  kind === "channels" &&
  device.type === "unix" &&
  device.source?.path === undefined &&
  devices.channels?.some(
    ({ type, target }) =>
      type === "unix" && isDeepStrictEqual(nameOf(target), nameOf(device.target)),
  ) === true;

const nameOf = (target: Channel["target"]): unknown => [
  target?.type,
  target?.type === "virtio" ? target.name : undefined,
];

/** @throws VireoError `operationUnsupported`, `configUnsupported`, `operationInvalid` */
export function mustBeNewLine(config: ResolvedDomain, added: KindedDevice, live: boolean): void {
  if (!LINES.has(added.kind)) return;
  if (isSerialConsole(added))
    throw live
      ? virError("configUnsupported", "unsupported console target type serial")
      : virError("operationUnsupported", "attaching serial console is not supported");
  if (hasDevice(config, added) || (live && isSameSocket(config, added)))
    throw virError("operationInvalid", "chardev already exists");
}

/** @throws VireoError `operationInvalid` */
export function mustNotBeSerialConsole(leaving: KindedDevice): void {
  if (isSerialConsole(leaving))
    throw virError("operationInvalid", "detaching serial console is not supported");
}
