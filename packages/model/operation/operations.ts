/** The list of operations, by noun. */
import { tokenOperations, userOperations } from "./access.ts";
import { connectOperations } from "./connect.ts";
import { domainCpuOperations } from "./domain-cpu.ts";
import { domainBackupOperations } from "./domain-backup.ts";
import { domainBlockJobOperations } from "./domain-block-job.ts";
import { domainAgentOperations } from "./domain-agent.ts";
import { domainDeviceOperations } from "./domain-device.ts";
import { domainFiguresOperations } from "./domain-figures.ts";
import { domainDumpOperations } from "./domain-dump.ts";
import { domainGuestOperations } from "./domain-guest.ts";
import { domainInsightOperations } from "./domain-insight.ts";
import { domainMakingOperations } from "./domain-making.ts";
import { domainJobOperations } from "./domain-job.ts";
import { domainMonitorOperations } from "./domain-monitor.ts";
import { domainSaveOperations } from "./domain-save.ts";
import { domainCheckpointOperations } from "./domain-checkpoint.ts";
import { domainSnapshotOperations } from "./domain-snapshot.ts";
import { domainTuneOperations } from "./domain-tune.ts";
import { domainOperations } from "./domain.ts";
import { networkPortOperations } from "./network-port.ts";
import { imageOperations } from "./image.ts";
import { networkOperations } from "./network.ts";
import { hostInterfaceOperations } from "./host-interface.ts";
import { nodeDeviceOperations } from "./node-device.ts";
import { nwfilterBindingOperations, nwfilterOperations } from "./nwfilter.ts";
import type { InputOf, Operation, OutputOf } from "./operation.ts";
import { secretOperations } from "./secret.ts";
import { storagePoolOperations } from "./storage-pool.ts";
import { storageVolumeOperations } from "./storage-volume.ts";

export const OPERATIONS = {
  connect: connectOperations,
  domain: {
    ...domainOperations,
    ...domainMonitorOperations,
    ...domainFiguresOperations,
    ...domainInsightOperations,
    ...domainDeviceOperations,
    ...domainGuestOperations,
    ...domainDumpOperations,
    ...domainAgentOperations,
    ...domainSaveOperations,
    ...domainJobOperations,
    ...domainMakingOperations,
    ...domainCpuOperations,
    ...domainTuneOperations,
    ...domainBlockJobOperations,
    ...domainBackupOperations,
  },
  domainSnapshot: domainSnapshotOperations,
  domainCheckpoint: domainCheckpointOperations,
  storagePool: storagePoolOperations,
  storageVolume: storageVolumeOperations,
  image: imageOperations,
  secret: secretOperations,
  network: networkOperations,
  networkPort: networkPortOperations,
  nodeDevice: nodeDeviceOperations,
  hostInterface: hostInterfaceOperations,
  nwfilter: nwfilterOperations,
  nwfilterBinding: nwfilterBindingOperations,
  user: userOperations,
  token: tokenOperations,
} as const;

export type Noun = keyof typeof OPERATIONS;
export type Verb<N extends Noun> = keyof (typeof OPERATIONS)[N] & string;
type DeclaredOperation<N extends Noun, V extends Verb<N>> = (typeof OPERATIONS)[N][V];
export type OperationInput<N extends Noun, V extends Verb<N>> = InputOf<DeclaredOperation<N, V>>;
export type OperationOutput<N extends Noun, V extends Verb<N>> = OutputOf<DeclaredOperation<N, V>>;

/** Whether the operation opens a stream of bytes. */
export type Streams<N extends Noun, V extends Verb<N>> =
  DeclaredOperation<N, V> extends { readonly stream: string } ? true : false;

/** Which way its bytes flow, seen from the client; `undefined` when there are none. */
export type StreamWay<N extends Noun, V extends Verb<N>> =
  DeclaredOperation<N, V> extends { readonly stream: infer W } ? W : undefined;

/** Finds an operation by its full name, such as `domain.start`. */
export function findOperation(name: string): Operation | undefined {
  const [noun = "", verb = ""] = name.split(".");
  const nouns: Readonly<Record<string, Readonly<Record<string, Operation>>>> = OPERATIONS;
  return Object.hasOwn(nouns, noun) && Object.hasOwn(nouns[noun] ?? {}, verb)
    ? nouns[noun]?.[verb]
    : undefined;
}
