/** `<redirdev>`: a USB device of the client, redirected. */
import type { Redirdev, Redirfilter } from "@vireo/model/domain/device/redirdev";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { bootIndex } from "./boot-index.ts";
import { busProps } from "./bus-address.ts";
import { chardevSteps } from "./chardev.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";

type Filter = NonNullable<Redirfilter["usbdevs"]>[number];

const hexOrAny = (value: number | undefined, digits: number): string =>
  value === undefined ? "-1" : `0x${value.toString(16).toUpperCase().padStart(digits, "0")}`;

/** `1.09` is written as binary-coded decimal. */
function versionOrAny(version: string | undefined): string {
  const [major, minor = "0"] = (version ?? "").split(".");
  if (major === undefined || major === "" || major.startsWith("-")) return "-1";
  return `0x${major.padStart(2, "0")}${minor.padEnd(2, "0")}`;
}

/** `class:vendor:product:version:allow`, -1 for any. */
const filterRule = (rule: Filter): string =>
  [
    hexOrAny(rule.class, 2),
    hexOrAny(rule.vendor, 4),
    hexOrAny(rule.product, 4),
    versionOrAny(rule.version),
    rule.allow ? "1" : "0",
  ].join(":");

export function redirdevSteps(redirdev: Redirdev, scope: DeviceScope): PlugStep[] {
  const id = aliasOf(redirdev);
  const rules = scope.domain.devices.redirfilter?.usbdevs;
  return [
    ...chardevSteps(`char${id}`, redirdev, scope),
    deviceStep(
      given({
        driver: "usb-redir",
        chardev: `char${id}`,
        id,
        filter:
          rules === undefined || rules.length === 0 ? undefined : rules.map(filterRule).join("|"),
        bootindex: bootIndex(redirdev, scope),
        ...busProps(redirdev, scope),
      }),
      scope.origin,
    ),
  ];
}
