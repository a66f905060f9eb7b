/** The form of a domain that older daemons understand: what a PC has anyway is left out. */
import { isX86 } from "./arch.ts";
import type { Domain } from "./domain.ts";

type Devices = NonNullable<Domain["devices"]>;
type Controller = NonNullable<Devices["controllers"]>[number];

const isImpliedUsb = (one: Controller): boolean =>
  one.type === "usb" && one.index === 0 && (one.model === undefined || one.model === "piix3-uhci");
const isImpliedPci = (one: Controller): boolean =>
  one.type === "pci" && one.index === 0 && one.model === "pci-root";

/** A board with a second controller of the kind spells them all out. */
function neededControllers(controllers: readonly Controller[]): readonly Controller[] {
  const isOnlyOne = (kind: Controller["type"]): boolean =>
    controllers.filter(({ type }) => type === kind).length === 1;
  return controllers.filter(
    (one) => !(isOnlyOne(one.type) && (isImpliedUsb(one) || isImpliedPci(one))),
  );
}

type OfGraphics = NonNullable<Devices["graphics"]>[number];

/** Ports that were chosen at the start are chosen anew. */
function withoutChoice(graphics: OfGraphics): OfGraphics {
  if (graphics.type !== "vnc" && graphics.type !== "spice") return graphics;
  return graphics.autoport === true ? { ...graphics, port: -1 } : graphics;
}

/**
 * The same domain without the controllers, keyboard and silent audio that every machine of its kind
 * has, and without what one run of it chose.
 */
export function withoutImplied(domain: Domain): Domain {
  const { devices, os } = domain;
  if (devices === undefined) return domain;
  const { controllers, inputs, audios, graphics } = devices;
  const hasKeyboard = isX86(os?.type?.arch);
  return {
    ...domain,
    devices: {
      ...devices,
      ...(controllers && { controllers: neededControllers(controllers) }),
      ...(graphics && { graphics: graphics.map(withoutChoice) }),
      ...(inputs && {
        inputs: inputs.filter(
          ({ type, bus }) => !(hasKeyboard && type === "keyboard" && bus === "ps2"),
        ),
      }),
      ...(audios && { audios: audios.filter(({ id, type }) => !(id === 1 && type === "none")) }),
    },
  };
}
