/** `<controller>`: buses that other devices hang on. */
import { virError } from "@vireo/model/error";
import type { Controller } from "@vireo/model/domain/device/controller";
import { isQ35 } from "@vireo/model/domain/machine";
import { isX86 } from "@vireo/model/domain/arch";
import { given, type JsonObject } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import { controllerAlias } from "./controller-alias.ts";
import { pciControllerDevice } from "./controller-pci.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep, optionStep } from "./step.ts";
import { virtioDriver, virtioProps } from "./virtio.ts";

type Of<T extends Controller["type"]> = Extract<Controller, { type: T }>;

const SCSI_DRIVER: Readonly<Record<string, string>> = {
  lsilogic: "lsi",
  lsisas1068: "mptsas1068",
  lsisas1078: "megasas",
  vmpvscsi: "pvscsi",
  ibmvscsi: "spapr-vscsi",
  dc390: "dc-390",
  am53c974: "am53c974",
};

const isVirtioScsi = (model: string | undefined): boolean => model?.startsWith("virtio") === true;

function scsiDevice(controller: Of<"scsi">): JsonObject {
  const { model, driver } = controller;
  if (isVirtioScsi(model))
    return {
      driver: virtioDriver("virtio-scsi", controller.address, model),
      iothread: driver?.iothread === undefined ? undefined : `iothread${driver.iothread}`,
      id: aliasOf(controller),
      num_queues: driver?.queues,
      cmd_per_lun: driver?.cmdPerLun,
      max_sectors: driver?.maxSectors,
      ioeventfd: driver?.ioeventfd,
      ...virtioProps(driver),
    };
  const name = model === undefined ? undefined : SCSI_DRIVER[model];
  if (name === undefined)
    throw virError("configUnsupported", `Unsupported controller model: ${model ?? "default"}`);
  return { driver: name, id: aliasOf(controller) };
}

const USB_DRIVER: Readonly<Record<string, string>> = {
  "piix3-uhci": "piix3-usb-uhci",
  "piix4-uhci": "piix4-usb-uhci",
  ehci: "usb-ehci",
  "ich9-ehci1": "ich9-usb-ehci1",
  "ich9-uhci1": "ich9-usb-uhci1",
  "ich9-uhci2": "ich9-usb-uhci2",
  "ich9-uhci3": "ich9-usb-uhci3",
  "vt82c686b-uhci": "vt82c686b-usb-uhci",
  "pci-ohci": "pci-ohci",
  "nec-xhci": "nec-usb-xhci",
  "qemu-xhci": "qemu-xhci",
};

/** A companion shares the name of the controller it serves and has none of its own. */
function usbDevice(controller: Of<"usb">, { domain }: DeviceScope): JsonObject {
  const { model, ports, master } = controller;
  const driver = model === undefined ? undefined : USB_DRIVER[model];
  if (driver === undefined)
    throw virError("configUnsupported", `${model ?? "default"} not supported`);
  const isXhci = model === "nec-xhci" || model === "qemu-xhci";
  return {
    driver,
    p2: isXhci ? ports : undefined,
    p3: isXhci ? ports : undefined,
    ...(master === undefined
      ? { id: aliasOf(controller) }
      : {
          masterbus: `${controllerAlias(domain, "usb", controller.index ?? 0)}.0`,
          firstport: master.startPort,
        }),
  };
}

const serialDevice = (controller: Of<"virtio-serial">): JsonObject => ({
  driver: virtioDriver("virtio-serial", controller.address, controller.model),
  id: aliasOf(controller),
  max_ports: controller.ports,
  vectors: controller.vectors,
  ...virtioProps(controller.driver),
});

/** The board already has these: the first AHCI of q35, the IDE of the PC. */
function isBuiltIn(controller: Controller, { domain }: DeviceScope): boolean {
  const first = (controller.index ?? 0) === 0;
  if (controller.type === "sata") return first && isQ35(domain);
  return controller.type === "ide" && first && isX86(domain.os.type.arch) && !isQ35(domain);
}

/** Controllers that are always part of the board. */
const BOARD_ONLY = new Set<Controller["type"]>(["fdc", "isa", "xenbus"]);

function controllerDevice(controller: Controller, scope: DeviceScope): JsonObject | undefined {
  if (BOARD_ONLY.has(controller.type) || isBuiltIn(controller, scope)) return undefined;
  switch (controller.type) {
    case "pci":
      return pciControllerDevice(controller);
    case "usb":
      return controller.model === "none" ? undefined : usbDevice(controller, scope);
    case "scsi":
      return controller.model === "ncr53c90" ? undefined : scsiDevice(controller);
    case "virtio-serial":
      return serialDevice(controller);
    case "sata":
      return { driver: "ahci", id: aliasOf(controller) };
    case "ccid":
      return { driver: "usb-ccid", id: aliasOf(controller) };
    default:
      throw virError(
        "configUnsupported",
        "Only a single IDE controller is supported for this machine type",
      );
  }
}

/** The board's own USB controller, when nobody chose a chip. */
const isBoardUsb = (controller: Controller): boolean =>
  controller.type === "usb" && controller.model === undefined && (controller.index ?? 0) === 0;

export function controllerSteps(controller: Controller, scope: DeviceScope): PlugStep[] {
  if (isBoardUsb(controller)) return [optionStep("-usb", undefined, scope.origin)];
  const device = controllerDevice(controller, scope);
  if (device === undefined) return [];
  return [deviceStep(given({ ...device, ...busProps(controller, scope) }), scope.origin)];
}
