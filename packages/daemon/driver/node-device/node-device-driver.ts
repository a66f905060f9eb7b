/** The driver of the host's devices, beside every hypervisor. */
import { ErrorDomain } from "@vireo/model/error-catalogue";
import type { Driver } from "../contract.ts";
import { type DeviceRoots, DeviceTree, hostRoots } from "./device-tree.ts";
import { nodeDeviceRole } from "./node-device-role.ts";

/** Nothing is kept: the kernel and mdevctl's files are asked each time. */
export const nodeDeviceDriver = (roots: DeviceRoots = hostRoots()): Driver => ({
  name: "nodedev",
  errorDomain: ErrorDomain.nodedev,
  roles: { nodeDevice: nodeDeviceRole(new DeviceTree(roots)) },
  events: {},
  close: () => Promise.resolve(),
});
