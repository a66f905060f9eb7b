/** The driver of the host's devices, beside every hypervisor. */
import type { Logger } from "pino";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import type { NodeDeviceEvent } from "@vireo/model/node/node-device-event";
import { EventBus } from "../../event/event-bus.ts";
import type { Driver } from "../contract.ts";
import { DeviceIndex } from "./device-index.ts";
import { type DeviceRoots, DeviceTree, hostRoots } from "./device-tree.ts";
import { nodeDeviceRole } from "./node-device-role.ts";

/** The kernel and mdevctl's files are looked at when somebody first asks. */
export function nodeDeviceDriver(log: Logger, roots: DeviceRoots = hostRoots()): Driver {
  const tree = new DeviceTree(roots);
  const nodeDevice = new EventBus<NodeDeviceEvent>((error, { name }) =>
    log.error({ err: error, device: name }, "event subscriber failed"),
  );
  const index = new DeviceIndex(tree, (event) => nodeDevice.publish(event));
  return {
    name: "nodedev",
    errorDomain: ErrorDomain.nodedev,
    roles: { nodeDevice: nodeDeviceRole(tree, index) },
    events: { nodeDevice },
    close: () => {
      index.close();
      return Promise.resolve();
    },
  };
}
