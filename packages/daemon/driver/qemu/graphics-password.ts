/** Passwords of displays reach QEMU over the monitor, never on its command line. */
import type { Graphics } from "@vireo/model/domain/device/graphics";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { GuestMonitor } from "./guest-monitor.ts";

export type Guarded = Extract<Graphics, { type: "vnc" | "spice" }>;

/** Seconds since 1970 of a time that the definition gives in UTC, without saying so. */
const seconds = (time: string): string => {
  const ms = Date.parse(/[Zz]$/.test(time) ? time : `${time}Z`);
  return Number.isNaN(ms) ? "now" : String(Math.trunc(ms / 1000));
};

/** Gives a display the password of its definition; none leaves it as it was. */
export async function setPassword(graphics: Guarded, ask: GuestMonitor["execute"]): Promise<void> {
  const { type: protocol, passwd, passwdValidTo, connected } = graphics;
  if (passwd === undefined) return;
  await ask("set_password", {
    protocol,
    password: passwd,
    ...(connected === undefined ? {} : { connected }),
  });
  const time = passwdValidTo === undefined ? "never" : seconds(passwdValidTo);
  await ask("expire_password", { protocol, time });
}

/** Before the vCPUs run, so that nobody gets in without. */
export async function setPasswords(config: ResolvedDomain, monitor: GuestMonitor): Promise<void> {
  const ask: GuestMonitor["execute"] = (...call) => monitor.execute(...call);
  for (const graphics of config.devices.graphics ?? [])
    if (graphics.type === "vnc" || graphics.type === "spice") await setPassword(graphics, ask);
}
