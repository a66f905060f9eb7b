/** A device as a scan finds it; its parent is known when all are. */
import type { NodeDevice } from "@vireo/model/node/node-device";

export type Capability = NonNullable<NodeDevice["capabilities"]>[number];

export interface FoundDevice {
  readonly name: string;
  /** Directory in sysfs, below the root. */
  readonly real: string;
  readonly nodes?: readonly string[];
  readonly capability: Capability;
}

/** What must not stand in a name becomes a `_`. */
export const deviceName = (...parts: readonly string[]): string =>
  parts.join("_").replace(/[^A-Za-z0-9_]/g, "_");
