/** The main program: everything libvirt's public API does through the daemon. */
import type { ArgsOf, CallName, EventName, MessageOf, RetOf } from "./procedure.ts";
import { REMOTE_FACTS } from "./remote-facts.ts";
import { authProcedures } from "./remote/auth.ts";
import { connectProcedures } from "./remote/connect.ts";
import { connectEventProcedures } from "./remote/connect-event.ts";
import { domainProcedures } from "./remote/domain.ts";
import { domainBlockProcedures } from "./remote/domain-block.ts";
import { domainCheckpointProcedures } from "./remote/domain-checkpoint.ts";
import { domainCpuMemoryProcedures } from "./remote/domain-cpu-memory.ts";
import { domainDeviceProcedures } from "./remote/domain-device.ts";
import { domainEventProcedures } from "./remote/domain-event.ts";
import { domainEventCallbackProcedures } from "./remote/domain-event-callback.ts";
import { domainGuestProcedures } from "./remote/domain-guest.ts";
import { domainInfoProcedures } from "./remote/domain-info.ts";
import { domainJobProcedures } from "./remote/domain-job.ts";
import { domainListProcedures } from "./remote/domain-list.ts";
import { domainMigrateProcedures } from "./remote/domain-migrate.ts";
import { domainSaveProcedures } from "./remote/domain-save.ts";
import { domainSnapshotProcedures } from "./remote/domain-snapshot.ts";
import { domainTuneProcedures } from "./remote/domain-tune.ts";
import { interfaceProcedures } from "./remote/interface.ts";
import { networkProcedures } from "./remote/network.ts";
import { nodeProcedures } from "./remote/node.ts";
import { nodeDeviceProcedures } from "./remote/node-device.ts";
import { nwfilterProcedures } from "./remote/nwfilter.ts";
import { secretProcedures } from "./remote/secret.ts";
import { storagePoolProcedures } from "./remote/storage-pool.ts";
import { storageVolProcedures } from "./remote/storage-vol.ts";

/** Program "remote". */
export const remote = {
  ...REMOTE_FACTS,
  procedures: {
    ...authProcedures,
    ...connectProcedures,
    ...connectEventProcedures,
    ...domainProcedures,
    ...domainBlockProcedures,
    ...domainCheckpointProcedures,
    ...domainCpuMemoryProcedures,
    ...domainDeviceProcedures,
    ...domainEventProcedures,
    ...domainEventCallbackProcedures,
    ...domainGuestProcedures,
    ...domainInfoProcedures,
    ...domainJobProcedures,
    ...domainListProcedures,
    ...domainMigrateProcedures,
    ...domainSaveProcedures,
    ...domainSnapshotProcedures,
    ...domainTuneProcedures,
    ...interfaceProcedures,
    ...networkProcedures,
    ...nodeProcedures,
    ...nodeDeviceProcedures,
    ...nwfilterProcedures,
    ...secretProcedures,
    ...storagePoolProcedures,
    ...storageVolProcedures,
  },
} as const;

/** Names of its calls. */
export type RemoteCallName = CallName<typeof remote>;
/** Names of its events. */
export type RemoteEventName = EventName<typeof remote>;
/** Arguments of a call. */
export type RemoteArgs<N extends RemoteCallName> = ArgsOf<typeof remote, N>;
/** Result of a call. */
export type RemoteRet<N extends RemoteCallName> = RetOf<typeof remote, N>;
/** Body of an event. */
export type RemoteMessage<N extends RemoteEventName> = MessageOf<typeof remote, N>;
