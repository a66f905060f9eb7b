/** Controllers and other devices every QEMU board of a kind has. */
import { virError } from "../../error.ts";
import { isX86 } from "../arch.ts";
import type { Audio } from "../device/audio.ts";
import type { Controller, PciModel, UsbModel } from "../device/controller.ts";
import type { Devices } from "../device/devices.ts";
import type { Graphics } from "../device/graphics.ts";
import type { Input } from "../device/input.ts";
import type { Domain } from "../domain.ts";
import { isI440fx, isQ35 } from "../machine.ts";
import { ensureController } from "./controller-index.ts";
import type { ResolveFacts, ResolveSettings } from "./facts.ts";

/**
 * Adds what the board always has: USB, SATA, the PCI root, keyboard and mouse, memory balloon, audio back end.
 * @throws {VireoError} when the definition has another PCI root.
 */
export function addBoardDevices(domain: Domain, facts: ResolveFacts): Domain {
  const devices = domain.devices ?? {};
  return {
    ...domain,
    devices: {
      ...devices,
      controllers: boardControllers(domain, facts),
      inputs: isX86(domain.os?.type?.arch)
        ? withBoardInputs(devices.inputs ?? [])
        : (devices.inputs ?? []),
      memballoon: devices.memballoon ?? { model: "virtio" },
      audios: withAudio(devices, facts.settings),
    },
  };
}

function boardControllers(domain: Domain, { capabilities }: ResolveFacts): readonly Controller[] {
  let controllers = domain.devices?.controllers ?? [];
  const q35 = isQ35(domain);
  const usb = q35 ? q35Usb(capabilities) : domain.os?.type?.machine === "isapc" ? [] : [USB];
  if (!controllers.some(({ type, index }) => type === "usb" && index === 0))
    controllers = [...controllers, ...usb];
  if (q35) controllers = ensureController(controllers, { type: "sata", index: 0 });
  const root: PciModel | undefined = q35 ? "pcie-root" : isI440fx(domain) ? "pci-root" : undefined;
  return root === undefined ? controllers : withPciRoot(controllers, root);
}

const USB = { type: "usb", index: 0 } as const;
const companion = (model: UsbModel, startPort: number): Controller => ({
  type: "usb",
  index: 0,
  model,
  master: { startPort },
});
/** Main controller and companions of the ICH9. */
const USB2: readonly Controller[] = [
  { ...USB, model: "ich9-ehci1" },
  companion("ich9-uhci1", 0),
  companion("ich9-uhci2", 2),
  companion("ich9-uhci3", 4),
];

function q35Usb(capabilities: ReadonlySet<string>): readonly Controller[] {
  if (capabilities.has("qemu-xhci")) return [{ ...USB, model: "qemu-xhci" }];
  if (capabilities.has("nec-usb-xhci")) return [{ ...USB, model: "nec-xhci" }];
  return capabilities.has("ich9-usb-ehci1") ? USB2 : [];
}

function withPciRoot(controllers: readonly Controller[], model: PciModel): readonly Controller[] {
  const root = controllers.find(({ type, index }) => type === "pci" && index === 0);
  if (root === undefined) return [...controllers, { type: "pci", index: 0, model }];
  if (root.type === "pci" && root.model !== model)
    throw virError(
      "xmlError",
      `The PCI controller with index='0' must be model='${model}' for this machine type, but model='${root.model ?? "(null)"}' was found instead`,
    );
  return controllers;
}

function withBoardInputs(inputs: readonly Input[]): readonly Input[] {
  const missing = (["mouse", "keyboard"] as const).filter(
    (type) => !inputs.some((one) => one.type === type && one.bus === "ps2"),
  );
  return [...inputs, ...missing.map((type): Input => ({ type, bus: "ps2" }))];
}

/** Sound goes where the last screen goes, or where settings of the daemon allow. */
function withAudio(
  { audios = [], graphics = [] }: Devices,
  settings: ResolveSettings,
): readonly Audio[] {
  if (audios.length > 0) return audios;
  if (graphics.length === 0)
    return [settings.noGraphicsAllowHostAudio === true ? hostAudio(settings) : NO_SOUND];
  const last = graphics.findLast(({ type }) => SOUNDING.includes(type));
  return last === undefined ? [] : audioOf(last, settings);
}

const SOUNDING: readonly Graphics["type"][] = ["spice", "vnc", "sdl"];
function audioOf({ type }: Graphics, settings: ResolveSettings): readonly Audio[] {
  if (type === "spice") return [{ id: 1, type: "spice" }];
  if (type === "vnc") return [settings.vncAllowHostAudio === true ? hostAudio(settings) : NO_SOUND];
  return settings.audio === undefined ? [] : [hostAudio(settings)];
}

const NO_SOUND: Audio = { id: 1, type: "none" };
function hostAudio({ audio }: ResolveSettings): Audio {
  if (audio === undefined) return NO_SOUND;
  const { type, sdlDriver } = audio;
  return type === "sdl" && sdlDriver !== undefined
    ? { id: 1, type, driver: sdlDriver }
    : { id: 1, type };
}
