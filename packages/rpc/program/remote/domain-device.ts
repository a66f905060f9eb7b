/** Devices of domains: plugging, consoles, graphics. */
import { hyper, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { domain, maybeText, text } from "./type.ts";

/** Procedures of program "remote". */
export const domainDeviceProcedures = {
  domainAttachDevice: call(
    8,
    { api: "virDomainAttachDevice", acl: ["domain:write"] },
    { args: { dom: domain, xml: text } },
  ),
  domainDetachDevice: call(
    13,
    { api: "virDomainDetachDevice", acl: ["domain:write"] },
    { args: { dom: domain, xml: text } },
  ),
  domainInterfaceStats: call(
    65,
    { api: "virDomainInterfaceStats", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    {
      args: { dom: domain, device: text },
      ret: {
        rx_bytes: hyper,
        rx_packets: hyper,
        rx_errs: hyper,
        rx_drop: hyper,
        tx_bytes: hyper,
        tx_packets: hyper,
        tx_errs: hyper,
        tx_drop: hyper,
      },
    },
  ),
  domainAttachDeviceFlags: call(
    160,
    {
      api: "virDomainAttachDeviceFlags",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, xml: text, flags: uint32 } },
  ),
  domainDetachDeviceFlags: call(
    161,
    {
      api: "virDomainDetachDeviceFlags",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, xml: text, flags: uint32 } },
  ),
  domainUpdateDeviceFlags: call(
    174,
    {
      api: "virDomainUpdateDeviceFlags",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, xml: text, flags: uint32 } },
  ),
  domainOpenConsole: call(
    201,
    { api: "virDomainOpenConsole", acl: ["domain:open_device"], stream: "both" },
    { args: { dom: domain, dev_name: maybeText, flags: uint32 } },
  ),
  domainInjectNmi: call(
    210,
    { api: "virDomainInjectNMI", acl: ["domain:inject_nmi"] },
    { args: { dom: domain, flags: uint32 } },
  ),
  domainScreenshot: call(
    211,
    { api: "virDomainScreenshot", acl: ["domain:screenshot"], stream: "download" },
    { args: { dom: domain, screen: uint32, flags: uint32 }, ret: { mime: maybeText } },
  ),
  domainSendKey: call(
    226,
    { api: "virDomainSendKey", acl: ["domain:send_input"] },
    {
      args: {
        dom: domain,
        codeset: uint32,
        holdtime: uint32,
        keycodes: array(uint32, LIMIT.domainSendKey),
        flags: uint32,
      },
    },
  ),
  domainOpenGraphics: call(
    249,
    { api: "virDomainOpenGraphics", acl: ["domain:open_graphics"], descriptors: "call" },
    { args: { dom: domain, idx: uint32, flags: uint32 } },
  ),
  domainOpenChannel: call(
    296,
    { api: "virDomainOpenChannel", acl: ["domain:open_device"], stream: "both" },
    { args: { dom: domain, name: maybeText, flags: uint32 } },
  ),
  domainOpenGraphicsFd: call(
    343,
    { api: "virDomainOpenGraphicsFD", acl: ["domain:open_graphics"], descriptors: "reply" },
    { args: { dom: domain, idx: uint32, flags: uint32 } },
  ),
  domainDetachDeviceAlias: call(
    392,
    {
      api: "virDomainDetachDeviceAlias",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, alias: text, flags: uint32 } },
  ),
  domainFdAssociate: call(
    443,
    { api: "virDomainFDAssociate", acl: ["domain:write"], descriptors: "call" },
    { args: { dom: domain, name: text, flags: uint32 } },
  ),
};
