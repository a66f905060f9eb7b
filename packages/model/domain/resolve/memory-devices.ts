import type { Domain } from "../domain.ts";

/** What the domain's memory devices hold together. */
export const memoryDevicesKiB = ({ devices }: Domain): number =>
  (devices?.memories ?? []).reduce((sum, { target }) => sum + (target?.sizeKiB ?? 0), 0);
