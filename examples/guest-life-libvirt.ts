/** The same by libvirt's protocol, with vireod or a real libvirtd: node examples/guest-life-libvirt.ts URI */
import { domainXml } from "@vireo/sdk/domain-xml";
import { connect } from "@vireo/sdk/libvirt/connect";

const libvirt = await connect(process.argv[2] ?? "qemu:///system");
const events = await libvirt.events("domain", "lifecycle");
const xml = domainXml({ name: "example", memoryMiB: 64, type: "qemu" });
const { dom } = await libvirt.call("domainDefineXmlFlags", { xml, flags: 0 });
await libvirt.call("domainCreate", { dom });
console.log(await libvirt.call("domainGetInfo", { dom }));
await libvirt.call("domainDestroy", { dom });
await libvirt.call("domainUndefine", { dom });
for await (const { event, detail } of events) {
  console.log("lifecycle", event, detail);
  if (event === 1) break; // undefined
}
await libvirt.close();
