/** `<filesystem>`: a directory of the host in the guest, by 9p or by virtiofs. */
import { virError } from "@vireo/model/error";
import type { Filesystem } from "@vireo/model/domain/device/filesystem";
import { optionString } from "../command/argument.ts";
import type { CommandContext } from "../command/context.ts";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { bootIndex } from "./boot-index.ts";
import { busProps } from "./bus-address.ts";
import type { DeviceScope } from "./scope.ts";
import { chardevStep, deviceStep, optionStep } from "./step.ts";
import { virtioDriver, virtioProps } from "./virtio.ts";

type Mount = Extract<Filesystem, { type: "mount" }>;

/** Whose rights apply, in QEMU's words. */
const SECURITY_MODEL: Readonly<Record<string, string>> = {
  passthrough: "passthrough",
  mapped: "mapped",
  squash: "none",
};

function fsdevStep(mount: Mount, { origin }: DeviceScope): PlugStep {
  const handle = mount.driver?.type === "handle";
  const value = optionString(handle ? "handle" : "local", [
    ["security_model", handle ? undefined : SECURITY_MODEL[mount.accessMode ?? "passthrough"]],
    ["multidevs", mount.multidevs],
    ["fmode", mount.fmode],
    ["dmode", mount.dmode],
    ["writeout", mount.driver?.wrpolicy],
    ["id", `fsdev-${aliasOf(mount)}`],
    ["path", mount.source?.dir],
    ["readonly", mount.readonly === true ? true : undefined],
  ]);
  return optionStep("-fsdev", value, origin);
}

const ninePSteps = (mount: Mount, scope: DeviceScope): PlugStep[] => [
  fsdevStep(mount, scope),
  deviceStep(
    given({
      driver: virtioDriver("virtio-9p", mount.address, mount.model),
      id: aliasOf(mount),
      fsdev: `fsdev-${aliasOf(mount)}`,
      mount_tag: mount.target?.dir,
      ...virtioProps(mount.driver),
      ...busProps(mount, scope),
    }),
    scope.origin,
  ),
];

/** Path of the socket that QEMU connects to. */
export const virtiofsSocket = (
  mount: Mount,
  { domainDir }: Pick<CommandContext, "domainDir">,
): string => mount.source?.socket ?? `${domainDir}/${aliasOf(mount)}-fs.sock`;

/** The files are served by a process of its own, which the daemon starts unless somebody else does. */
function virtiofsSteps(mount: Mount, scope: DeviceScope): PlugStep[] {
  const id = aliasOf(mount);
  const chardev = `chr-vu-${id}`;
  const path = virtiofsSocket(mount, scope.context);
  return [
    chardevStep({ id: chardev, backend: { type: "unix", path } }, scope.origin),
    deviceStep(
      given({
        driver: virtioDriver("vhost-user-fs", mount.address, mount.model),
        id,
        chardev,
        "queue-size": mount.driver?.queue,
        tag: mount.target?.dir,
        bootindex: bootIndex(mount, scope),
        ...virtioProps(mount.driver),
        ...busProps(mount, scope),
      }),
      scope.origin,
    ),
  ];
}

export function filesystemSteps(filesystem: Filesystem, scope: DeviceScope): PlugStep[] {
  if (filesystem.type !== "mount")
    throw virError("configUnsupported", "only supports mount filesystem type");
  return filesystem.driver?.type === "virtiofs"
    ? virtiofsSteps(filesystem, scope)
    : ninePSteps(filesystem, scope);
}
