/** Screens and graphics cards. */
import type { Graphics } from "../device/graphics.ts";
import type { Video } from "../device/video.ts";
import type { Domain } from "../domain.ts";
import type { ResolveFacts } from "../resolve/facts.ts";
import { type DeviceRule, eachDevice } from "./each-device.ts";
import { internal, unsupported, wrongXml } from "./refuse.ts";

const usesGl = (graphics: Graphics): boolean =>
  graphics.type === "spice" && graphics.gl?.enable === true;

/** The invisible OpenGL screen shows through VNC or SPICE, and is the only one with OpenGL. */
export function checkGraphics({ devices }: Domain): void {
  const graphics = devices?.graphics ?? [];
  if (!graphics.some(({ type }) => type === "egl-headless")) return;
  if (graphics.some(({ type }) => !BESIDE_EGL.includes(type)))
    unsupported(
      "graphics type 'egl-headless' is only supported with one of: 'vnc', 'spice' graphics types",
    );
  if (graphics.some(usesGl)) unsupported("multiple OpenGL displays are not supported by QEMU");
}
const BESIDE_EGL: readonly Graphics["type"][] = ["egl-headless", "vnc", "spice"];

/** One of each kind; said when the domain starts. */
export function checkScreens({ devices }: Domain): void {
  const types = (devices?.graphics ?? []).map(({ type }) => type);
  if (types.some((type, at) => types.indexOf(type) !== at))
    unsupported(
      "only 1 graphics device of each type (sdl, vnc, spice, headless, dbus) is supported",
    );
}

const VNC_PASSWORD = 8;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;

/** Passwords, their validity, and networks to listen on. */
export function checkScreenAccess({ devices }: Domain): void {
  for (const graphics of devices?.graphics ?? []) {
    if (graphics.type !== "vnc" && graphics.type !== "spice") continue;
    const { passwdValidTo, listens } = graphics;
    if (passwdValidTo !== undefined && !TIME.test(passwdValidTo))
      internal(
        `cannot parse password validity time '${passwdValidTo}', expect YYYY-MM-DDTHH:MM:SS`,
      );
    if (
      listens?.some((listen) => listen.type === "network" && listen.network === undefined) === true
    )
      wrongXml("'network' attribute is required for listen type 'network'");
  }
}

const SCREENLESS: readonly Graphics["type"][] = ["rdp", "desktop"];

/** What QEMU's screens can do. */
export function checkQemuScreens(
  { devices }: Domain,
  { settings }: Pick<ResolveFacts, "settings">,
): void {
  for (const graphics of devices?.graphics ?? []) {
    if (SCREENLESS.includes(graphics.type))
      unsupported(`${graphics.type} graphics are not supported with this QEMU`);
    if (graphics.type === "vnc") checkVncPassword(graphics.passwd ?? "");
    if (graphics.type === "spice" && settings.spiceTls === false && (graphics.tlsPort ?? 0) > 0)
      unsupported("spice TLS port set in XML configuration, but TLS is disabled in qemu.conf");
  }
}

function checkVncPassword({ length }: string): void {
  if (length > VNC_PASSWORD)
    unsupported(`VNC password is ${length} characters long, only ${VNC_PASSWORD} permitted`);
}

const FOREIGN: readonly string[] = ["xen", "vbox", "parallels", "gop"];
const MANY_HEADS: readonly string[] = ["qxl", "virtio"];

const cardKnown: DeviceRule<Video> = ({ model }, { devices }) => {
  const type = model?.type ?? "";
  if (FOREIGN.includes(type))
    unsupported(`domain configuration does not support video model '${type}'`);
  if (type === "none" && devices?.videos?.length !== 1)
    unsupported("a 'none' video type must be the only video device defined for the domain");
};
const partsFit: DeviceRule<Video> = ({ model }) => {
  const { type = "", ramKiB = 0, heads = 1 } = model ?? {};
  if (type !== "qxl" && ramKiB > 0) unsupported("ram attribute only supported for video type qxl");
  if (heads > 1 && !MANY_HEADS.includes(type))
    unsupported(`video type '${type}' doesn't support multiple 'heads'`);
};
/** Parts of graphics cards only some have. */
export const checkVideoParts: (domain: Domain) => void = eachDevice(
  ({ videos }) => videos,
  cardKnown,
  partsFit,
);

/** Frame buffers without a bus have no address. */
export function checkVideos({ devices }: Domain): void {
  const videos = devices?.videos ?? [];
  for (const { model, address } of videos)
    if ((model?.type === "ramfb" || model?.type === "none") && address !== undefined)
      unsupported(`address not supported for video type ${model.type}`);
}
