/** What starting does to a domain before its command line is written, in the dry-run way of libvirt's tests. */
import type { Graphics } from "@vireo/model/domain/device/graphics";
import type { Vsock } from "@vireo/model/domain/device/vsock";
import { nameDevices } from "@vireo/model/domain/resolve/name-devices";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { withoutVolume } from "@vireo/qemu/block/volume-disk";
import { mockVolume } from "./qemu-args-volume.ts";
import { selectFirmware } from "@vireo/qemu/firmware/select-firmware";
import { mockFirmwares } from "./qemu-args-firmware.ts";
import { join } from "node:path";
import type { MockCase } from "./qemu-args-context.ts";

/** Ports given to displays that take any. */
function withPorts(graphics: Graphics): Graphics {
  if (graphics.type === "vnc" && graphics.autoport === true) return { ...graphics, port: 5900 };
  if (graphics.type === "spice" && graphics.autoport === true)
    return { ...graphics, port: 5901, tlsPort: 5902 };
  return graphics;
}

const AUTOMATIC_CID = 42;
const withCid = (vsock: Vsock): Vsock =>
  vsock.cid?.auto === true ? { ...vsock, cid: { ...vsock.cid, address: AUTOMATIC_CID } } : vsock;

export function startedDomain(
  domain: ResolvedDomain,
  folder: string,
  one: MockCase,
): ResolvedDomain {
  const { devices } = domain;
  const lookUp = mockVolume(folder, one.pools);
  const { os, features } = selectFirmware(domain, mockFirmwares(join(folder, "..")));
  return nameDevices({
    ...domain,
    os,
    ...(features === undefined ? {} : { features }),
    devices: {
      ...devices,
      ...(devices.disks === undefined
        ? {}
        : { disks: devices.disks.map((disk) => withoutVolume(disk, lookUp)) }),
      ...(devices.vsock === undefined ? {} : { vsock: withCid(devices.vsock) }),
      ...(devices.graphics === undefined ? {} : { graphics: devices.graphics.map(withPorts) }),
    },
  });
}
