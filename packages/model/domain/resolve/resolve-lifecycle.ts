/** Identity, time and what happens when the guest stops: defaults that ask nobody. */
import type { Clock } from "../clock.ts";
import type { Domain } from "../domain.ts";
import type { ResolveFacts } from "./facts.ts";

/** UUID and generation id. */
export function resolveIdentity(
  domain: Domain,
  { newUuid }: Pick<ResolveFacts, "newUuid">,
): Domain {
  const { genid } = domain;
  return {
    ...domain,
    uuid: domain.uuid ?? newUuid(),
    ...(genid === undefined ? {} : { genid: { uuid: genid.uuid ?? newUuid() } }),
  };
}

/** What libvirt does when the guest powers off, reboots or crashes. */
export const resolveLifecycle = (domain: Domain): Domain => ({
  ...domain,
  onPoweroff: domain.onPoweroff ?? "destroy",
  onReboot: domain.onReboot ?? "restart",
  onCrash: domain.onCrash ?? "destroy",
});

/** UTC unless the domain says otherwise; a fixed number of seconds makes the offset variable. */
export const resolveClock = (domain: Domain): Domain => ({
  ...domain,
  clock: clockOf(domain.clock ?? {}),
});

function clockOf(clock: Clock): Clock {
  const offset = clock.offset ?? "utc";
  const { adjustment, basis, ...rest } = clock;
  if (offset === "variable")
    return { ...rest, offset, adjustment: adjustment ?? "0", basis: basis ?? "utc" };
  if (offset !== "utc" && offset !== "localtime") return { ...rest, offset };
  if (adjustment === undefined || adjustment === "reset")
    return { ...rest, offset, ...(adjustment === undefined ? {} : { adjustment }) };
  return { ...rest, offset: "variable", adjustment, basis: offset };
}
