/** For whom a definition is printed. */
export interface View {
  /** The running domain: aliases, allocated ports and the like are shown. */
  readonly live: boolean;
  /** Passwords and other secrets are shown. */
  readonly secure: boolean;
  /** For another host's libvirt: what older versions would refuse is left out. */
  readonly migratable: boolean;
}

export const CONFIG_VIEW: View = { live: false, secure: false, migratable: false };
export const LIVE_VIEW: View = { live: true, secure: false, migratable: false };

/** `config`: only in the definition of a domain that does not run. */
export type Show = "always" | "live" | "config" | "secure";
/** Decides by the value; declared as a method so that members of all types fit in one record. */
export interface ShowRule<T> {
  decide(value: T, view: View): boolean;
}

/** Whether a member is part of `view`. */
export function shown<T>(show: Show | ShowRule<T> | undefined, value: T, view: View): boolean {
  if (show === undefined || show === "always") return true;
  if (show === "live") return view.live;
  if (show === "config") return !view.live;
  return show === "secure" ? view.secure : show.decide(value, view);
}
