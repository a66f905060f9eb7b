/** The driver of the host's devices, beside every hypervisor. */
import { join } from "node:path";
import type { Logger } from "pino";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import type { NodeDeviceEvent } from "@vireo/model/node/node-device-event";
import { EventBus } from "../../event/event-bus.ts";
import { bootId } from "../../host/boot-id.ts";
import { type DeviceRoots, hostRoots } from "../../host/device-roots.ts";
import type { Paths } from "../../host/paths.ts";
import type { Driver, HostDevices } from "../contract.ts";
import { DeviceBook } from "./device-book.ts";
import { DeviceIndex } from "./device-index.ts";
import { DeviceTree } from "./device-tree.ts";
import { GuestDevices } from "./guest-devices.ts";
import { nodeDeviceRole } from "./node-device-role.ts";

interface NodeDevices {
  readonly driver: Driver;
  readonly devices: HostDevices;
}

/** The kernel and mdevctl's files are looked at when somebody first asks. Which guest has what is kept on disk. */
export async function startNodeDeviceDriver(
  { run }: Pick<Paths, "run">,
  log: Logger,
  roots: DeviceRoots = hostRoots(),
): Promise<NodeDevices> {
  const tree = new DeviceTree(roots, (path) =>
    log.warn({ path }, "an attribute of a device cannot be read: the kernel does not answer"),
  );
  const book = await DeviceBook.open(join(run, "host-devices.json"), { boot: await bootId(), log });
  const devices = new GuestDevices(tree, { book, log });
  const nodeDevice = new EventBus<NodeDeviceEvent>((error, { name }) =>
    log.error({ err: error, device: name }, "event subscriber failed"),
  );
  const index = new DeviceIndex(tree, (event) => nodeDevice.publish(event));
  const driver: Driver = {
    name: "nodedev",
    errorDomain: ErrorDomain.nodedev,
    roles: { nodeDevice: nodeDeviceRole({ tree, index }, devices) },
    events: { nodeDevice },
    close: () => {
      index.close();
      return Promise.resolve();
    },
  };
  return { driver, devices };
}
