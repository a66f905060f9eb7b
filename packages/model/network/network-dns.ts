/** Names that a virtual network's DNS server knows. */
import { element, type Infer } from "../schema/element.ts";
import { attr, children, requiredAttr, texts } from "../schema/member.ts";
import { oneOf, string, uintTo, yesNo } from "../schema/scalar.ts";
import { ip } from "./ip-address.ts";

const port = uintTo(65_535);

export const DnsTxt = element("txt", "A TXT record.", {
  name: requiredAttr(string, { doc: "Name." }),
  value: attr(string, { doc: "Text." }),
});
export type DnsTxt = Infer<typeof DnsTxt>;

export const DnsSrv = element("srv", "A SRV record: where a service is.", {
  service: attr(string, { doc: "Service." }),
  protocol: attr(oneOf("tcp", "udp"), {
    doc: "Protocol.",
    invalid: "Invalid protocol attribute value '%s' in DNS SRV record of network '%n'",
  }),
  domain: attr(string, { doc: "Domain." }),
  target: attr(string, { doc: "Machine that offers it." }),
  port: attr(port, { doc: "Port." }),
  priority: attr(port, { doc: "Priority; smaller wins." }),
  weight: attr(port, { doc: "Share among the same priority." }),
});
export type DnsSrv = Infer<typeof DnsSrv>;

export const DnsHost = element("host", "Names of an address.", {
  ip: attr(string, { doc: "Address." }),
  hostnames: texts(string, { name: "hostname", doc: "Names." }),
});
export type DnsHost = Infer<typeof DnsHost>;

export const NetworkDns = element("dns", "The DNS server.", {
  enable: attr(yesNo, { doc: "Whether there is one." }),
  forwardPlainNames: attr(yesNo, { doc: "Names without a dot are asked elsewhere." }),
  forwarders: children(
    element("forwarder", "Where other names are asked.", {
      domain: attr(string, { doc: "Only names of this domain." }),
      addr: attr(ip, { doc: "Server." }),
    }),
    { doc: "Where other names are asked." },
  ),
  txts: children(DnsTxt, { doc: "TXT records." }),
  srvs: children(DnsSrv, { doc: "SRV records." }),
  hosts: children(DnsHost, { doc: "Names of addresses." }),
});
export type NetworkDns = Infer<typeof NetworkDns>;
