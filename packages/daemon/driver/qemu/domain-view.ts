/** What is known of a domain at one moment: replaced as a whole, never changed. Readers use the last one. */
import type { Cpu } from "@vireo/model/domain/cpu";
import type { CheckpointSet } from "@vireo/model/moment/checkpoint-tree";
import type { SnapshotSet } from "@vireo/model/moment/snapshot-tree";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DomainIdentity, DomainState } from "@vireo/model/operation/domain-value";
import type { BlockJob } from "../../state/block-job-status.ts";
import type { ProcessIdentity } from "../../host/process.ts";

export interface IoThread {
  readonly id: number;
  readonly thread: number;
}

export interface Companion extends ProcessIdentity {
  readonly name: string;
}

/** What only an active domain has. */
export interface LiveDomain {
  readonly id: number;
  /** The running configuration: addresses, aliases, ports and terminals as they are. */
  readonly config: ResolvedDomain;
  /** The CPU that was asked for, when QEMU made another of it: what another host is told. */
  readonly askedCpu?: Cpu;
  readonly process: ProcessIdentity;
  readonly monitorPath: string;
  readonly taints: readonly string[];
  readonly companions: readonly Companion[];
  /** Thread of each vCPU, by vCPU number; empty until QEMU told. */
  readonly vcpuThreads: readonly number[];
  /** Thread of each I/O thread, in QEMU's order; empty until QEMU told. */
  readonly ioThreads: readonly IoThread[];
  /** What changes the chains of its disks just now. */
  readonly blockJobs?: readonly BlockJob[];
  /** The highest number that a block node ever had. */
  readonly lastNode?: number;
  /** The backup that is under way. */
  readonly backupXml?: string;
  /** Seconds that the guest agent may take, as somebody asked; -1 and -2 as in libvirt. */
  readonly agentTimeoutS?: number | undefined;
}

export interface DomainView {
  readonly name: string;
  readonly uuid: string;
  readonly state: DomainState;
  readonly persistent: boolean;
  readonly autostart: boolean;
  /** The configuration of the next start; that of a transient domain tells what it was made from. */
  readonly definition: ResolvedDomain;
  /** Whether `definition` was changed since the start. */
  readonly updated: boolean;
  readonly live?: LiveDomain;
  readonly snapshots?: SnapshotSet;
  /** None without it. */
  readonly checkpoints?: CheckpointSet;
}

export const identityOf = ({ name, uuid, live }: DomainView): DomainIdentity =>
  live === undefined ? { name, uuid } : { name, uuid, id: live.id };
