/** Screens and graphics cards. */
import type { Graphics } from "../device/graphics.ts";
import type { Domain } from "../domain.ts";
import { unsupported } from "./refuse.ts";

const usesGl = (graphics: Graphics): boolean =>
  graphics.type === "egl-headless" || ("gl" in graphics && isOn(graphics.gl));
const isOn = (gl: { readonly enable?: boolean }): boolean => gl.enable === true;

/** One OpenGL screen; the invisible one shows through VNC or SPICE. */
export function checkGraphics({ devices }: Domain): void {
  const graphics = devices?.graphics ?? [];
  const types = new Set(graphics.map(({ type }) => type));
  for (const type of types)
    if (graphics.filter((one) => one.type === type).length > 1)
      unsupported(`only 1 graphics device of each type (${[...types].join(", ")}) is supported`);
  if (types.has("egl-headless") && !types.has("vnc") && !types.has("spice"))
    unsupported(
      "graphics type 'egl-headless' is only supported with one of: 'vnc', 'spice' graphics types",
    );
  if (graphics.filter(usesGl).length > 1)
    unsupported("multiple OpenGL displays are not supported by QEMU");
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
