import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { domainState } from "@vireo/model/state-reason";
import { mustBeAllowed, objection, type DomainRequest, type DomainStanding } from "./decide.ts";

const off: DomainStanding = {
  state: domainState("shutoff", "shutdown"),
  active: false,
  persistent: true,
};
const on: DomainStanding = { ...off, state: domainState("running", "booted"), active: true };
const paused: DomainStanding = { ...on, state: domainState("paused", "user") };
const asleep: DomainStanding = { ...on, state: domainState("pmsuspended", "unknown") };
const transient: DomainStanding = { ...on, persistent: false };

test("decide: what each state allows and how the rest is refused", () => {
  const cases: readonly (readonly [DomainRequest, DomainStanding, string | undefined])[] = [
    ["start", off, undefined],
    ["start", on, "domain is already running"],
    ["start", paused, "domain is already running"],
    ["suspend", on, undefined],
    ["suspend", paused, undefined],
    ["suspend", off, "domain is not running"],
    ["suspend", asleep, "domain is pmsuspended"],
    ["resume", paused, undefined],
    ["resume", on, "domain is already running"],
    ["resume", off, "domain is not running"],
    ["resume", asleep, "domain is pmsuspended"],
    ["shutdown", on, undefined],
    ["shutdown", paused, "domain is not running"],
    ["reboot", paused, undefined],
    ["reset", paused, undefined],
    ["reset", off, "domain is not running"],
    ["destroy", paused, undefined],
    ["destroy", off, "domain is not running"],
    ["undefine", on, undefined],
    ["undefine", transient, "cannot undefine transient domain"],
    ["rename", off, undefined],
    ["rename", on, "cannot rename active domain"],
    ["rename", transient, "cannot rename active domain"],
    ["setAutostart", on, undefined],
    ["setAutostart", transient, "cannot set autostart for transient domain"],
    ["changeConfig", transient, "transient domains do not have any persistent config"],
    ["changeLive", off, "domain is not running"],
    ["openConsole", off, "domain is not running"],
  ];
  for (const [request, domain, expected] of cases)
    assert.equal(objection(request, domain), expected, `${request} in ${domain.state.state}`);
});

test("decide: a refusal is libvirt's error 55", () => {
  assert.throws(
    () => mustBeAllowed("start", on),
    (error) => isError(error, "operationInvalid") && error.code === 55,
  );
});
