/** What a switch is told about a port: VLANs, port profile, bandwidth. Shared by interfaces and networks. */
import { element } from "../../schema/element.ts";
import { attr, child, children, requiredAttr } from "../../schema/member.ts";
import { oneOf, string, uint, ulong, yesNo } from "../../schema/scalar.ts";

export const Vlan = element("vlan", "VLANs of the port.", {
  trunk: attr(yesNo, { doc: "Several VLANs, tagged." }),
  tags: children(
    element("tag", "A VLAN.", {
      id: requiredAttr(uint, { doc: "VLAN id." }),
      nativeMode: attr(oneOf("tagged", "untagged"), {
        doc: "Open vSwitch: how the native VLAN travels.",
      }),
    }),
    { doc: "VLANs." },
  ),
});

export const VirtualPort = element("virtualport", "How the port is known to a switch.", {
  type: attr(oneOf("802.1Qbg", "802.1Qbh", "openvswitch", "midonet"), {
    doc: "Protocol.",
    invalid: "unknown virtualport type %s",
  }),
  parameters: child(
    element("parameters", "Identity of the port.", {
      managerId: attr(string, { name: "managerid", doc: "802.1Qbg: database of type ids." }),
      typeId: attr(string, { name: "typeid", doc: "802.1Qbg: type of the interface." }),
      typeIdVersion: attr(string, { name: "typeidversion", doc: "802.1Qbg: version of the type." }),
      instanceId: attr(string, { name: "instanceid", doc: "802.1Qbg: instance; a UUID." }),
      interfaceId: attr(string, {
        name: "interfaceid",
        doc: "Open vSwitch, MidoNet: port; a UUID.",
      }),
      profileId: attr(string, { name: "profileid", doc: "Port profile." }),
    }),
    { doc: "Identity of the port." },
  ),
});

const rate = {
  average: attr(ulong, {
    invalid: "could not convert bandwidth average value '%s'",
    fault: "configUnsupported",
    doc: "KiB per second.",
    omit: 0,
  }),
  peak: attr(ulong, {
    invalid: "could not convert bandwidth peak value '%s'",
    fault: "configUnsupported",
    doc: "KiB per second in a burst.",
    omit: 0,
  }),
};
const burst = attr(ulong, {
  invalid: "could not convert bandwidth burst value '%s'",
  fault: "configUnsupported",
  doc: "KiB in a burst.",
  omit: 0,
});
export const Bandwidth = element("bandwidth", "Limits on throughput.", {
  classId: attr(uint, { name: "classID", doc: "Class on the bridge.", show: "live" }),
  inbound: child(
    element("inbound", "Towards the guest.", {
      ...rate,
      floor: attr(ulong, {
        invalid: "could not convert bandwidth floor value '%s'",
        fault: "configUnsupported",
        doc: "KiB per second that are guaranteed.",
        omit: 0,
      }),
      burst,
    }),
    { doc: "Towards the guest." },
  ),
  outbound: child(element("outbound", "From the guest.", { ...rate, burst }), {
    doc: "From the guest.",
  }),
});
