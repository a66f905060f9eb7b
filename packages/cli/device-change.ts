import type { DomainReference } from "@vireo/sdk/libvirt/procedure";
import type { Connection } from "./connection.ts";
import { Affect, affectFlags, exclusive } from "./flags.ts";

/** Options of every command that changes devices. */
export interface DeviceChoice {
  readonly persistent: boolean;
  readonly config: boolean;
  readonly live: boolean;
  readonly current: boolean;
}

/** virDomainDeviceModifyFlags: `--persistent` means the definition, and the running domain if it runs. */
export async function deviceFlags(
  connection: Connection,
  dom: DomainReference,
  choice: DeviceChoice,
): Promise<number> {
  const { persistent, current, config, live } = choice;
  exclusive({ persistent, current }, "persistent", "current");
  const flags = affectFlags({ current, config, live }) | (persistent ? Affect.config : 0);
  if (!persistent) return flags;
  const { active } = await connection.call("domainIsActive", { dom });
  return active === 0 ? flags : flags | Affect.live;
}
