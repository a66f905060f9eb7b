/** `<qemu:override>`: properties of devices replaced past all knowledge of ours. */
import { virError } from "@vireo/model/error";
import type { QemuOverride } from "@vireo/model/domain/qemu-namespace";
import type { JsonValue } from "../json.ts";
import { jsonText } from "../json.ts";
import type { CommandArg } from "./argument.ts";

type Device = NonNullable<QemuOverride["devices"]>[number];
type Property = NonNullable<NonNullable<Device["frontend"]>["properties"]>[number];

/** The value in its JSON type; `remove` drops the property. */
function valueOf(property: Property): JsonValue | undefined {
  const text = property.value ?? "";
  switch (property.type) {
    case "string":
      return text;
    case "signed":
    case "unsigned":
      return BigInt(text);
    case "bool":
      return text === "true";
    case "remove":
      return undefined;
  }
}

function overridden(arg: CommandArg, device: Device): CommandArg {
  const parsed: unknown = JSON.parse(arg.value ?? "{}");
  if (typeof parsed !== "object" || parsed === null) return arg;
  const properties = {
    ...parsed,
    ...Object.fromEntries(
      (device.frontend?.properties ?? []).map((one) => [one.name, valueOf(one)]),
    ),
  };
  return { ...arg, value: jsonText(properties) };
}

const idOf = (arg: CommandArg): string | undefined => {
  if (arg.option !== "-device" || arg.value?.startsWith("{") !== true) return undefined;
  return /"id":"([^"]*)"/.exec(arg.value)?.[1];
};

/** The arguments with the properties of the named devices replaced. */
export function overrideProperties(
  args: readonly CommandArg[],
  override: QemuOverride | undefined,
): readonly CommandArg[] {
  const devices = override?.devices ?? [];
  if (devices.length === 0) return args;
  const byAlias = new Map(devices.map((device) => [device.alias, device]));
  const used = new Set<string>();
  const result = args.map((arg) => {
    const device = byAlias.get(idOf(arg) ?? "");
    if (device === undefined) return arg;
    used.add(device.alias);
    return overridden(arg, device);
  });
  const unused = devices.find((device) => !used.has(device.alias));
  if (unused !== undefined)
    throw virError("configUnsupported", `device override for alias '${unused.alias}' was not used`);
  return result;
}
