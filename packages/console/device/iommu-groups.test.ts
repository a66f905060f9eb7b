import assert from "node:assert/strict";
import { test } from "node:test";
import { iommuGroups } from "./iommu-groups.ts";

const device = (name: string, group: number | undefined) => ({
  name,
  title: name,
  group,
  driver: undefined,
});

test("iommu groups: in their order, each with all that goes together", () => {
  const groups = iommuGroups([
    device("gpu", 10),
    device("nic", 2),
    device("gpu-audio", 10),
    device("bridge", undefined),
  ]);
  assert.deepEqual(
    groups.map(({ group, devices }) => [group, devices.map(({ name }) => name)]),
    [
      [2, ["nic"]],
      [10, ["gpu", "gpu-audio"]],
    ],
  );
});
