/** RPC procedures about CPUs, and about QEMU's command line. */
import { virError } from "@vireo/model/error";
import { ask, connectionOf, driverFunction, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { given } from "./given.ts";

const COMPARE = { failIncompatible: 1, validate: 2 } as const;
const BASELINE = { expand: 1, migratable: 2 } as const;
/** libvirt's numbers of the verdicts. */
const VERDICT = { incompatible: 0, identical: 1, superset: 2 } as const;

interface WireFlavour {
  readonly emulator: string | null;
  readonly arch: string | null;
  readonly machine: string | null;
  readonly virttype: string | null;
}
const flavourOf = ({ emulator, arch, machine, virttype }: WireFlavour) => ({
  ...given("emulator", emulator),
  ...given("arch", arch),
  ...given("machine", machine),
  ...given("virtType", virttype),
});

export const connectCpuHandlers: DoorHandlers = {
  connectGetCpuModelNames: async ({ arch, need_results, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "ConnectGetCPUModelNames"));
    const models = await ask(call, ["connect", "cpuModelNames"], { arch });
    return { models: need_results === 0 ? [] : models, ret: models.length };
  },
  connectCompareCpu: async ({ xml, flags }, call) => {
    const ways = readFlags(flags, COMPARE, driverFunction(call, "ConnectCompareCPU"));
    return { result: VERDICT[await ask(call, ["connect", "compareCpu"], { xml, ...ways })] };
  },
  connectCompareHypervisorCpu: async ({ xmlCPU: xml, flags, ...kind }, call) => {
    const ways = readFlags(flags, COMPARE, driverFunction(call, "ConnectCompareHypervisorCPU"));
    const input = { ...flavourOf(kind), xml, ...ways };
    return { result: VERDICT[await ask(call, ["connect", "compareHypervisorCpu"], input)] };
  },
  connectBaselineCpu: async ({ xmlCPUs: cpus, flags }, call) => {
    const ways = readFlags(flags, BASELINE, driverFunction(call, "ConnectBaselineCPU"));
    return { cpu: await ask(call, ["connect", "baselineCpu"], { cpus, ...ways }) };
  },
  connectBaselineHypervisorCpu: async ({ xmlCPUs: cpus, flags, ...kind }, call) => {
    const ways = readFlags(flags, BASELINE, driverFunction(call, "ConnectBaselineHypervisorCPU"));
    const input = { ...flavourOf(kind), cpus, ...ways };
    return { cpu: await ask(call, ["connect", "baselineHypervisorCpu"], input) };
  },
  connectDomainXmlToNative: async ({ nativeFormat: format, domainXml: xml, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "ConnectDomainXMLToNative"));
    const nativeConfig = await ask(call, ["connect", "domainXmlToNative"], { format, xml });
    return { nativeConfig };
  },
  // libvirt gave up reading command lines in 5.5.0
  connectDomainXmlFromNative: (_args, { session }) => {
    connectionOf(session);
    throw virError("noSupport", "virConnectDomainXMLFromNative", { from: 20 });
  },
};
