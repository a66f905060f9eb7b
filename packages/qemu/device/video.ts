/** `<video>`: a display adapter. */
import type { Video } from "@vireo/model/domain/device/video";
import { given, type JsonObject } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import type { DeviceScope } from "./scope.ts";
import { chardevStep, deviceStep } from "./step.ts";
import { virtioProps } from "./virtio.ts";

type Model = NonNullable<Video["model"]>;

/** Drivers of the adapter the firmware shows itself on. */
const PRIMARY: Readonly<Record<string, string>> = {
  vga: "VGA",
  cirrus: "cirrus-vga",
  vmvga: "vmware-svga",
  qxl: "qxl-vga",
  virtio: "virtio-vga",
  bochs: "bochs-display",
  ramfb: "ramfb",
};

const SECONDARY: Readonly<Record<string, string>> = { qxl: "qxl", virtio: "virtio-gpu" };

const isVhostUser = (video: Video): boolean => video.driver?.name === "vhostuser";
const isAccelerated = (model: Model): boolean => model.acceleration?.accel3d === true;

/** VGA compatibility needs PCI, and not every emulator has the VGA flavour. */
function virtioDriverName(video: Video, model: Model, scope: DeviceScope): string {
  const { flags } = scope.caps;
  const primary = model.primary === true;
  if (isVhostUser(video))
    return primary && flags.has("vhost-user-vga") ? "vhost-user-vga" : "vhost-user-gpu-pci";
  const gl = isAccelerated(model);
  if (primary && flags.has("virtio-vga"))
    return gl && flags.has("virtio-vga-gl") ? "virtio-vga-gl" : "virtio-vga";
  if (video.address?.type === "ccw") return "virtio-gpu-ccw";
  return gl && flags.has("virtio-gpu-gl-pci") ? "virtio-gpu-gl-pci" : "virtio-gpu-pci";
}

function driverName(video: Video, model: Model, scope: DeviceScope): string | undefined {
  if (model.type === undefined) return undefined;
  if (model.type === "virtio") return virtioDriverName(video, model, scope);
  if (model.primary === true) return PRIMARY[model.type];
  return SECONDARY[model.type] ?? PRIMARY[model.type];
}

/** Sizes are in KiB in the model; QXL counts in bytes, its VGA part in MiB. */
const qxlProps = (model: Model): JsonObject => ({
  ram_size: model.ramKiB === undefined ? undefined : model.ramKiB * 1024,
  vram_size: model.vramKiB === undefined ? undefined : model.vramKiB * 1024,
  vram64_size_mb: model.vram64KiB === undefined ? 0 : Math.floor(model.vram64KiB / 1024),
  vgamem_mb: model.vgaMemKiB === undefined ? undefined : Math.floor(model.vgaMemKiB / 1024),
});

function memoryProps(model: Model): JsonObject {
  switch (model.type) {
    case "qxl":
      return qxlProps(model);
    case "vga":
    case "vmvga":
      return {
        vgamem_mb: model.vramKiB === undefined ? undefined : Math.floor(model.vramKiB / 1024),
      };
    case "bochs":
      return { vgamem: model.vramKiB === undefined ? undefined : model.vramKiB * 1024 };
    default:
      return {};
  }
}

const hasOutputs = (type: Model["type"]): boolean => type === "qxl" || type === "virtio";

/** Older emulators switch 3D on by a property, newer ones have drivers of their own. */
const virgl = (video: Video, model: Model, driver: string): JsonObject =>
  model.type === "virtio" && !isVhostUser(video) && !driver.includes("-gl")
    ? { virgl: model.acceleration?.accel3d === true ? true : undefined }
    : {};

/** The GPU runs in a process of its own, reached through a socket. */
function vhostUserSteps(video: Video, scope: DeviceScope): PlugStep[] {
  if (!isVhostUser(video)) return [];
  const id = aliasOf(video);
  const fd = scope.fds.take({ kind: "vhost-user-gpu", id, origin: scope.origin });
  return [chardevStep({ id: `chr-vu-${id}`, backend: { type: "fd", fd } }, scope.origin)];
}

export function videoSteps(video: Video, scope: DeviceScope): PlugStep[] {
  const { model } = video;
  const driver = model === undefined ? undefined : driverName(video, model, scope);
  if (model === undefined || driver === undefined) return [];
  const properties = given({
    driver,
    id: aliasOf(video),
    ...virgl(video, model, driver),
    max_outputs: hasOutputs(model.type) ? model.heads : undefined,
    ...memoryProps(model),
    chardev: isVhostUser(video) ? `chr-vu-${aliasOf(video)}` : undefined,
    xres: model.resolution?.x,
    yres: model.resolution?.y,
    ...(model.type === "virtio" && !isVhostUser(video) ? virtioProps(video.driver) : {}),
    ...busProps(video, scope),
  });
  return [...vhostUserSteps(video, scope), deviceStep(properties, scope.origin)];
}
