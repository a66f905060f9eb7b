/** `<video>`: a graphics card. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child } from "../../schema/member.ts";
import { oneOf, string, uint, unless, yesNo } from "../../schema/scalar.ts";
import { info } from "./device-info.ts";
import { virtioOptions } from "./virtio-driver.ts";

export const VIDEO_MODELS = [
  "vga",
  "cirrus",
  "vmvga",
  "xen",
  "vbox",
  "qxl",
  "parallels",
  "virtio",
  "gop",
  "none",
  "bochs",
  "ramfb",
] as const;

const Model = element("model", "Kind of card.", {
  type: attr(unless("default", oneOf(...VIDEO_MODELS)), {
    doc: "Kind.",
    invalid: "unknown video model '%s'",
    fault: "configUnsupported",
  }),
  ramKiB: attr(uint, {
    name: "ram",
    invalid: "cannot parse video ram '%s'",
    doc: "QXL: first memory window in KiB.",
    omit: 0,
  }),
  vramKiB: attr(uint, {
    name: "vram",
    invalid: "cannot parse video vram '%s'",
    doc: "Video memory in KiB.",
    omit: 0,
  }),
  vram64KiB: attr(uint, {
    name: "vram64",
    invalid: "cannot parse video vram64 '%s'",
    doc: "QXL: 64-bit window in KiB.",
    omit: 0,
  }),
  vgaMemKiB: attr(uint, {
    name: "vgamem",
    invalid: "cannot parse video vgamem '%s'",
    doc: "QXL: VGA frame buffer in KiB.",
    omit: 0,
  }),
  heads: attr(uint, {
    invalid: "cannot parse video heads '%s'",
    doc: "Number of screens.",
    omit: 0,
  }),
  primary: attr(yesNo, { doc: "The first card.", omit: false }),
  acceleration: child(
    element("acceleration", "Acceleration by the host.", {
      accel2d: attr(yesNo, { doc: "2D." }),
      accel3d: attr(yesNo, { doc: "3D." }),
      rendernode: attr(string, { doc: "vhost-user: DRM device of the host." }),
    }),
    { doc: "Acceleration by the host." },
  ),
  resolution: child(
    element("resolution", "Resolution at start.", {
      x: attr(uint, { doc: "Pixels." }),
      y: attr(uint, { doc: "Pixels." }),
    }),
    { doc: "Resolution at start." },
  ),
});
const Driver = element("driver", "How the host serves the card.", {
  ...virtioOptions,
  name: attr(unless("default", oneOf("qemu", "vhostuser")), { doc: "QEMU, or another process." }),
  vgaConf: attr(oneOf("io", "on", "off"), { name: "vgaconf", doc: "bhyve: VGA I/O." }),
});

export const Video = element(
  "video",
  "A graphics card.",
  {
    driver: child(Driver, { doc: "How the host serves the card." }),
    model: child(Model, { doc: "Kind of card." }),
    ...info,
  },
  { empty: true },
);
export type Video = Infer<typeof Video>;
export type VideoModel = (typeof VIDEO_MODELS)[number];
