/** A device as a scan finds it; its parent is known when all are. */
import type { NodeDevice } from "@vireo/model/node/node-device";
import type { DeviceTree } from "./device-tree.ts";
import type { SysDevice } from "./sys-device.ts";

export type Capability = NonNullable<NodeDevice["capabilities"]>[number];

export interface FoundDevice {
  readonly name: string;
  readonly capability: Capability;
}

/** Undefined for what libvirt does not list. */
export type DeviceReader = (
  tree: DeviceTree,
  device: SysDevice,
) => Promise<FoundDevice | undefined>;

/** What must not stand in a name becomes a `_`. */
export const deviceName = (...parts: readonly string[]): string =>
  parts.join("_").replace(/[^A-Za-z0-9_]/g, "_");
