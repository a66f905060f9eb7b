/** Screens and graphics cards. */
import type { Graphics } from "../device/graphics.ts";
import type { Domain } from "../domain.ts";
import { unsupported } from "./refuse.ts";

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

/** One first card; frame buffers without a bus have no address. */
export function checkVideos({ devices }: Domain): void {
  const videos = devices?.videos ?? [];
  if (videos.filter(({ model }) => model?.primary === true).length > 1)
    unsupported("Only one primary video device is supported");
  for (const { model, address } of videos)
    if ((model?.type === "ramfb" || model?.type === "none") && address !== undefined)
      unsupported(`address not supported for video type ${model.type}`);
}
