/** RPC procedures about the connection and the host's hypervisor. */
import { virError } from "@vireo/model/error";
import {
  ask,
  connectionOf,
  driverFunction,
  type DoorCall,
  type DoorHandlers,
} from "./door-session.ts";
import type { Api } from "../../api/api.ts";
import { callerOf } from "./caller.ts";
import { connectCpuHandlers } from "./connect-cpu.ts";
import { readFlags } from "./flags.ts";
import { given } from "./given.ts";
import { wireTruth } from "./wire.ts";

/** Features that the RPC layer itself answers (libvirt's numbers). */
const FEATURE = {
  fdPassing: 8,
  keepalive: 10,
  eventCallbacks: 14,
  closeCallback: 15,
  networkUpdateOrder: 16,
} as const;
const OWN_FEATURES: ReadonlySet<number> = new Set([
  FEATURE.eventCallbacks,
  FEATURE.closeCallback,
  FEATURE.networkUpdateOrder,
]);

async function supportsFeature(feature: number, call: DoorCall): Promise<boolean> {
  if (feature === FEATURE.keepalive) {
    call.session.startKeepalive();
    return true;
  }
  connectionOf(call.session);
  return OWN_FEATURES.has(feature) || ask(call, ["connect", "supportsFeature"], { feature });
}

export const connectHandlers = (api: Api): DoorHandlers => ({
  ...connectCpuHandlers,
  connectOpen: ({ name, flags }, { session }) => {
    const door = session.state;
    if (door.connection !== undefined)
      throw virError("internalError", "connection already open", { from: 7 });
    if (name === null) throw virError("internalError", "connection not open", { from: 7 });
    const caller = callerOf(session, { readOnly: (flags & 1) === 1 });
    const connection = api.open(name, caller);
    door.connection = connection;
    session.onClose(() => connection.close());
  },
  connectClose: (_args, { session }) => {
    session.state.subscriptions?.close();
    session.state.connection?.close();
    session.closeAfterReplies();
  },
  connectGetType: async (_args, call) => ({ type: await ask(call, ["connect", "type"], {}) }),
  connectGetVersion: async (_args, call) => ({
    hv_ver: BigInt(await ask(call, ["connect", "version"], {})),
  }),
  connectGetLibVersion: async (_args, call) => ({
    lib_ver: BigInt(await ask(call, ["connect", "libVersion"], {})),
  }),
  connectGetHostname: async (_args, call) => ({
    hostname: await ask(call, ["connect", "hostname"], {}),
  }),
  connectGetUri: async (_args, call) => ({ uri: await ask(call, ["connect", "uri"], {}) }),
  connectGetCapabilities: async (_args, call) => ({
    capabilities: await ask(call, ["connect", "capabilities"], {}),
  }),
  connectGetDomainCapabilities: async (args, call) => {
    readFlags(args.flags, {}, driverFunction(call, "ConnectGetDomainCapabilities"));
    const capabilities = await ask(call, ["connect", "domainCapabilities"], {
      ...given("emulator", args.emulatorbin),
      ...given("arch", args.arch),
      ...given("machine", args.machine),
      ...given("virtType", args.virttype),
    });
    return { capabilities };
  },
  connectGetSysinfo: async ({ flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "ConnectGetSysinfo"));
    return { sysinfo: await ask(call, ["connect", "sysinfo"], {}) };
  },
  connectGetMaxVcpus: async ({ type }, call) => ({
    max_vcpus: await ask(call, ["connect", "maxVcpus"], given("virtType", type)),
  }),
  connectIsSecure: async (_args, call) => ({
    secure: wireTruth(await ask(call, ["connect", "isSecure"], {})),
  }),
  connectSupportsFeature: async ({ feature }, call) => ({
    supported: wireTruth(await supportsFeature(feature, call)),
  }),
  // The driver of a connection never goes away before the daemon, so there is nothing to tell later.
  connectRegisterCloseCallback: (_args, { session }) => void connectionOf(session),
  connectUnregisterCloseCallback: (_args, { session }) => void connectionOf(session),
});
