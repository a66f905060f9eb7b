/** Which request a domain may be given in which state. Pure; the texts are those libvirt's clients know. */
import { virError } from "@vireo/model/error";
import type { DomainState } from "@vireo/model/operation/domain-value";

export interface DomainStanding {
  readonly state: DomainState;
  readonly active: boolean;
  readonly persistent: boolean;
}

type Rule = (domain: DomainStanding) => string | undefined;

const NOT_RUNNING = "domain is not running";
const active: Rule = (domain) => (domain.active ? undefined : NOT_RUNNING);
const suspended: Rule = ({ state }) =>
  state.state === "pmsuspended" ? "domain is pmsuspended" : undefined;
const running: Rule = ({ state }) => (state.state === "running" ? undefined : NOT_RUNNING);
const halted: Rule = ({ state }) =>
  state.state === "running" ? "domain is already running" : undefined;
const inactive =
  (otherwise: string): Rule =>
  (domain) =>
    domain.active ? otherwise : undefined;
const persistent =
  (otherwise: string): Rule =>
  (domain) =>
    domain.persistent ? undefined : otherwise;

/** The first rule that objects decides. */
const RULES = {
  start: [inactive("domain is already running")],
  suspend: [active, suspended],
  resume: [active, suspended, halted],
  shutdown: [active, running],
  reboot: [active],
  reset: [active],
  destroy: [active],
  save: [active],
  managedSave: [active, persistent("cannot do managed save for transient domain")],
  undefine: [persistent("cannot undefine transient domain")],
  rename: [inactive("cannot rename active domain"), persistent("cannot rename a transient domain")],
  setAutostart: [persistent("cannot set autostart for transient domain")],
  openConsole: [active],
  changeLive: [active],
  changeConfig: [persistent("transient domains do not have any persistent config")],
  control: [active],
  snapshot: [],
  askAgent: [active, running],
} as const satisfies Readonly<Record<string, readonly Rule[]>>;

export type DomainRequest = keyof typeof RULES;

/** Why the request is out of place, `undefined` when it may run. */
export function objection(request: DomainRequest, domain: DomainStanding): string | undefined {
  for (const rule of RULES[request]) {
    const text = rule(domain);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** @throws VireoError `operationInvalid` when the request is out of place */
export function mustBeAllowed(request: DomainRequest, domain: DomainStanding): void {
  const text = objection(request, domain);
  if (text !== undefined) throw virError("operationInvalid", text);
}
