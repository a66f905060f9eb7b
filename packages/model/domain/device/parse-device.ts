/** One device on its own, as clients send it to be attached, detached or changed. */
import { virError } from "../../error.ts";
import { checkInterfaceSource } from "../check/check-interface.ts";
import { ErrorDomain } from "../../error-catalogue.ts";
import type { AnyElement } from "../../schema/declaration.ts";
import { parse } from "../../schema/parse.ts";
import { throwFirst } from "../../schema/throw-first.ts";
import type { Issue } from "../../schema/issue.ts";
import { parseXml } from "../../xml/parse-xml.ts";
import { xmlFailure } from "../../xml/read-document.ts";
import type { XmlElement } from "../../xml/tree.ts";
import { XmlError } from "../../xml/xml-error.ts";
import { Devices } from "./devices.ts";

/** Kinds of devices of which a domain may have several. */
type ListKind = {
  [K in keyof Devices]-?: NonNullable<Devices[K]> extends readonly object[] ? K : never;
}[keyof Devices];
/** Kinds of which it has one at most. */
type SingleKind = "memballoon" | "nvram" | "iommu" | "vsock";
export type DeviceKind = ListKind | SingleKind;
export type DeviceOf<K extends DeviceKind> =
  NonNullable<Devices[K]> extends readonly (infer D)[] ? D : NonNullable<Devices[K]>;
/** A device and the member of `<devices>` in which it belongs. */
export type KindedDevice = {
  readonly [K in DeviceKind]: { readonly kind: K; readonly device: DeviceOf<K> };
}[DeviceKind];

/** Not a device, though it stands among them. */
const FILTER = "redirfilter";

/** The member of `<devices>` that holds elements of this name, by declaration. */
function kindOf(name: string): readonly [kind: string, element: AnyElement] | undefined {
  for (const [key, member] of Object.entries(Devices.members)) {
    if ((member.kind !== "children" && member.kind !== "child") || key === FILTER) continue;
    if (member.element?.tag === name) return [key, member.element];
  }
  return undefined;
}

/** The kind of devices that elements of this name are. */
export const deviceKindOf = (name: string): DeviceKind | undefined =>
  kindOf(name)?.[0] as DeviceKind | undefined; // a member of Devices

/** Every member of Devices that holds devices. */
export const DEVICE_KINDS: readonly DeviceKind[] = Object.entries(Devices.members).flatMap(
  ([key, { kind }]) =>
    key !== FILTER && (kind === "children" || kind === "child") ? [key as DeviceKind] : [],
);

function readXml(xml: string): XmlElement {
  try {
    return parseXml(xml);
  } catch (error) {
    throw error instanceof XmlError ? xmlFailure(error, "device_definition") : error;
  }
}

/** @throws VireoError `xmlDetail`, `xmlError`, or what is wrong with the device */
export function parseDevice(xml: string, live = false): KindedDevice {
  const root = readXml(xml);
  const found = kindOf(root.name);
  if (found === undefined)
    throw virError("configUnsupported", `unknown device type '${root.name}'`, {
      from: ErrorDomain.domain,
    });
  const [kind, element] = found;
  const issues: Issue[] = [];
  const device = parse(element, root, issues, { live });
  throwFirst(issues, ErrorDomain.domain);
  const parsed = { kind, device } as KindedDevice; // the declaration of Devices pairs them
  if (parsed.kind === "interfaces") checkInterfaceSource(parsed.device);
  return parsed;
}
