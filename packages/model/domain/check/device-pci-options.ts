/** Options of PCI controllers: which model has which, and in what range. */
import type { Controller, PciModel } from "../device/controller.ts";
import type { Domain } from "../domain.ts";
import { eachDevice } from "./each-device.ts";
import { internal, unsupported } from "./refuse.ts";

type PciController = Extract<Controller, { type: "pci" }>;
type Target = NonNullable<PciController["target"]>;

const PORTS: readonly PciModel[] = ["pcie-root-port", "pcie-switch-downstream-port"];
const EXPANDERS: readonly PciModel[] = ["pci-expander-bus", "pcie-expander-bus"];
const OPTIONS: Readonly<Record<keyof Target, { name: string; models: readonly PciModel[] }>> = {
  chassisNr: { name: "chassisNr", models: ["pci-bridge"] },
  chassis: { name: "chassis", models: PORTS },
  port: { name: "port", models: PORTS },
  busNr: { name: "busNr", models: EXPANDERS },
  index: { name: "index", models: ["pci-root"] },
  hotplug: { name: "hotplug", models: [...PORTS, "pci-root"] },
  node: { name: "numaNode", models: [...EXPANDERS, "pci-root"] },
};
const RANGES = [
  { name: "chassisNr", least: 1, most: 255 },
  { name: "chassis", least: 0, most: 255 },
  { name: "port", least: 0, most: 255 },
  { name: "busNr", least: 1, most: 254 },
] as const;

/** Numbers that PCI has room for. */
export function checkPciRanges({ devices }: Domain): void {
  for (const controller of devices?.controllers ?? []) {
    if (controller.type !== "pci") continue;
    for (const { name, least, most } of RANGES) {
      const value = controller.target?.[name];
      if (value !== undefined && (value < least || value > most))
        unsupported(`PCI controller ${name} '${value}' out of range - must be ${least}-${most}`);
    }
  }
}

/** Options the controller's model has. */
export function checkPciOptions({ devices }: Domain): void {
  for (const controller of devices?.controllers ?? [])
    if (controller.type === "pci") checkOptions(controller);
}

function checkOptions({ model, modelName, target, index }: PciController): void {
  if (target === undefined || model === undefined) return;
  for (const [key, { name, models }] of Object.entries(OPTIONS))
    if (key in target && !models.includes(model))
      unsupported(
        `Option '${name}' is not valid for PCI controller with index '${index ?? 0}', model '${model}' and modelName '${modelName?.name ?? "none"}'`,
      );
}

type ScsiController = Extract<Controller, { type: "scsi" }>;

function scsiOptions(
  { model, driver }: ScsiController,
  { iothreads = 0, iothreadids }: Domain,
): void {
  if (model === "buslogic") unsupported(`Unsupported controller model: ${model}`);
  if (model?.startsWith("virtio") !== true) refuseVirtioOptions(driver);
  const thread = driver?.iothread;
  if (thread === undefined || thread <= iothreads) return;
  if (iothreadids?.iothreads?.some(({ id }) => id === thread) !== true)
    unsupported(`controller iothread '${thread}' not defined in iothreadid`);
}
function usbModel(controller: Controller): void {
  if (controller.type === "usb" && (controller.model === "qusb1" || controller.model === "qusb2"))
    unsupported("USB controller model type 'qusb1' or 'qusb2' is not supported in qemu");
}

/** Options of virtio-scsi, and chips QEMU lacks. */
export const checkScsiControllers = eachDevice(
  ({ controllers }) => controllers,
  usbModel,
  (controller, domain) => {
    if (controller.type === "scsi") scsiOptions(controller, domain);
  },
);

function refuseVirtioOptions(driver: Controller["driver"]): void {
  const options = [
    ["queues", driver?.queues],
    ["cmd_per_lun", driver?.cmdPerLun],
    ["max_sectors", driver?.maxSectors],
    ["ioeventfd", driver?.ioeventfd],
  ] as const;
  for (const [name, value] of options)
    if (value !== undefined) unsupported(`'${name}' is only supported by virtio-scsi controller`);
}

/** Buses that QEMU's PCs do not have. */
export function checkForeignBuses({ devices }: Domain): void {
  for (const { type } of devices?.controllers ?? [])
    if (type === "xenbus" || type === "isa")
      internal("Cannot automatically add a new PCI bus for a device with connect flags 00");
}
