/** `<parallel>`: a parallel port. */
import type { Parallel } from "@vireo/model/domain/device/parallel";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { chardevSteps } from "./chardev.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";

export function parallelSteps(parallel: Parallel, scope: DeviceScope): PlugStep[] {
  const id = aliasOf(parallel);
  const chardev = `char${id}`;
  return [
    ...chardevSteps(chardev, parallel, scope),
    deviceStep({ driver: "isa-parallel", chardev, id }, scope.origin),
  ];
}
