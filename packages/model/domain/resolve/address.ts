/** Devices of a domain for QEMU: everything they need besides what was written. */
import type { Domain } from "../domain.ts";
import { addressMemory } from "./address-memory.ts";
import { addressPci } from "./address-pci.ts";
import { addressSpapr } from "./address-spapr.ts";
import { addressUsb } from "./address-usb.ts";
import { addressVirtioSerial } from "./address-virtio-serial.ts";
import { addBoardDevices } from "./controller-default.ts";
import { refuseTwins } from "./controller-index.ts";
import {
  defaultsForQemu,
  qemuController,
  qemuSerial,
  settleVideo,
} from "./device-defaults-qemu.ts";
import type { ResolveFacts, ResolveOptions } from "./facts.ts";
import type { ResolveStep } from "./resolved-domain.ts";

type Step = ResolveStep<ResolveFacts & ResolveOptions>;

/**
 * Devices of the board and the QEMU driver's defaults. After `settleDevices`, once machine and architecture are known.
 * Each throws a {VireoError} when the definition contradicts the board.
 */
export const PREPARE_DEVICES: readonly Step[] = [addBoardDevices, defaultsForQemu];

/** @throws {VireoError} for two controllers of one kind and index. */
const refuseTwinControllers: Step = (domain) => {
  refuseTwins(domain.devices?.controllers ?? []);
  return domain;
};

/** Chips of devices that were added meanwhile. */
function withModels(domain: Domain, facts: ResolveFacts): Domain {
  const { controllers = [], videos = [], serials = [] } = domain.devices ?? {};
  return {
    ...domain,
    devices: {
      ...domain.devices,
      controllers: controllers.map((one) => qemuController(one, facts)),
      videos: videos.map((one) => settleVideo(one, facts)),
      serials: serials.map((one) => qemuSerial(one, domain)),
    },
  };
}

/**
 * Addresses on every bus, and the bridges, ports and hubs they need. After `completeDevices`.
 * Each throws a {VireoError} for addresses that do not fit together.
 */
export const PLACE_DEVICES: readonly Step[] = [
  refuseTwinControllers,
  withModels,
  addressSpapr,
  addressVirtioSerial,
  addressMemory,
  addressPci,
  addressUsb,
];
