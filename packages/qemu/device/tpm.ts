/** `<tpm>`: a trusted platform module, of the host or emulated by swtpm. */
import { virError } from "@vireo/model/error";
import type { Tpm } from "@vireo/model/domain/device/tpm";
import { optionString } from "../command/argument.ts";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import type { DeviceScope } from "./scope.ts";
import { chardevStep, deviceStep, fdsetStep, optionStep } from "./step.ts";

type Backend = NonNullable<Tpm["backend"]>;
type Of<T extends Backend["type"]> = Extract<Backend, { type: T }>;

/** Chardev of the socket to the process that emulates the module. */
const CHARDEV = "chrtpm";
const DEFAULT_DEVICE = "/dev/tpm0";

/** A way to cancel a command that takes long lies beside the device in sysfs. */
const cancelPath = (device: string): string =>
  `/sys/class/misc/${device.slice(device.lastIndexOf("/") + 1)}/device/cancel`;

function passthroughSteps(backend: Of<"passthrough">, id: string, scope: DeviceScope): PlugStep[] {
  const path = backend.device?.path ?? DEFAULT_DEVICE;
  const { origin } = scope;
  const [device, open] = fdsetStep({ kind: "tpm", id, path, origin }, `${id}-tpm`, scope);
  const [cancel, openCancel] = fdsetStep(
    { kind: "tpm-cancel", id, path: cancelPath(path), origin },
    `${id}-cancel`,
    scope,
  );
  const value = optionString("passthrough", [
    ["id", `tpm-${id}`],
    ["path", device],
    ["cancel-path", cancel],
  ]);
  return [open, openCancel, optionStep("-tpmdev", value, origin)];
}

function socketSteps(path: string, id: string, { origin }: DeviceScope): PlugStep[] {
  const value = optionString("emulator", [
    ["id", `tpm-${id}`],
    ["chardev", CHARDEV],
  ]);
  return [
    chardevStep({ id: CHARDEV, backend: { type: "unix", path } }, origin),
    optionStep("-tpmdev", value, origin),
  ];
}

function backendSteps(backend: Backend, id: string, scope: DeviceScope): PlugStep[] {
  switch (backend.type) {
    case "passthrough":
      return passthroughSteps(backend, id, scope);
    case "emulator":
      return socketSteps(scope.context.tpmSocket(id), id, scope);
    case "external":
      return socketSteps(backend.source?.path ?? "", id, scope);
  }
}

export function tpmSteps(tpm: Tpm, scope: DeviceScope): PlugStep[] {
  const id = aliasOf(tpm);
  if (tpm.backend === undefined) throw virError("internalError", `TPM '${id}' has no back end`);
  const driver = tpm.model ?? "tpm-tis";
  return [
    ...backendSteps(tpm.backend, id, scope),
    deviceStep(given({ driver, tpmdev: `tpm-${id}`, id, ...busProps(tpm, scope) }), scope.origin),
  ];
}
