/** Creates, starts, watches and deletes a guest by vireod's HTTP door: node examples/guest-life.ts URL */
import { domainXml } from "@vireo/sdk/domain-xml";
import { connect } from "@vireo/sdk/http/connect";

const vireo = await connect(process.argv[2] ?? "http+unix:///run/vireo/vireo-http-sock");
const domain = { name: "example" };
const events = vireo.events({ noun: "domain" });
await events.next(); // from here on nothing is missed
await vireo.domain.define({ xml: domainXml({ ...domain, memoryMiB: 64, type: "qemu" }) });
await vireo.domain.start({ domain });
console.log(await vireo.domain.info({ domain }));
await vireo.domain.destroy({ domain });
await vireo.domain.undefine({ domain });
for await (const { event } of events) {
  console.log(event.kind, event["event"], event["detail"]);
  if (event["event"] === "undefined") break;
}
