/** The audio back end of a device or display. */
import type { DeviceScope } from "./scope.ts";

/** Id of the back end named by number, else of the domain's first one. */
export function audiodevOf(id: number | undefined, { domain }: DeviceScope): string | undefined {
  const chosen = id ?? domain.devices.audios?.[0]?.id;
  return chosen === undefined ? undefined : `audio${chosen}`;
}
