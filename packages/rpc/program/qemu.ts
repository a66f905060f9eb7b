/** QEMU's own program: monitor and agent commands, monitor events. */
import { hyper, int32, uint32 } from "../xdr/scalar.ts";
import { call, event } from "./procedure.ts";
import { domain, maybeDomain, maybeText, text } from "./remote/type.ts";

/** Program "qemu". */
export const qemu = {
  name: "qemu",
  number: 0x2000_8087,
  version: 1,
  procedures: {
    domainMonitorCommand: call(
      1,
      { api: "virDomainQemuMonitorCommand", acl: ["domain:write"] },
      { args: { dom: domain, cmd: text, flags: uint32 }, ret: { result: text } },
    ),
    domainAttach: call(
      2,
      { api: "virDomainQemuAttach", acl: ["domain:start", "domain:write"] },
      { args: { pid_value: uint32, flags: uint32 }, ret: { dom: domain } },
    ),
    domainAgentCommand: call(
      3,
      { api: "virDomainQemuAgentCommand", acl: ["domain:write"] },
      {
        args: { dom: domain, cmd: text, timeout: int32, flags: uint32 },
        ret: { result: maybeText },
      },
    ),
    connectDomainMonitorEventRegister: call(
      4,
      {
        api: "virConnectDomainQemuMonitorEventRegister",
        acl: ["connect:search_domains", "connect:write"],
        aclFilter: ["domain:getattr"],
        priority: "high",
      },
      { args: { dom: maybeDomain, event: maybeText, flags: uint32 }, ret: { callbackID: int32 } },
    ),
    connectDomainMonitorEventDeregister: call(
      5,
      {
        api: "virConnectDomainQemuMonitorEventDeregister",
        acl: ["connect:write"],
        priority: "high",
      },
      { args: { callbackID: int32 } },
    ),
    domainMonitorEvent: event(6, {
      callbackID: int32,
      dom: domain,
      event: text,
      seconds: hyper,
      micros: uint32,
      details: maybeText,
    }),
    domainMonitorCommandWithFiles: call(
      7,
      { api: "virDomainQemuMonitorCommandWithFiles", acl: ["domain:write"], descriptors: "reply" },
      { args: { dom: domain, cmd: text, flags: uint32 }, ret: { result: text } },
    ),
  },
} as const;
