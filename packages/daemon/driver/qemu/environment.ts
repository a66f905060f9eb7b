/** What all domains of the driver share. */
import type { Logger } from "pino";
import type { Cpu } from "@vireo/model/domain/cpu";
import type { Domain } from "@vireo/model/domain/domain";
import type { ResolveFacts } from "@vireo/model/domain/resolve/facts";
import type { QemuCapabilities } from "@vireo/qemu/capability/capabilities";
import type { AgentLines } from "./agent-lines.ts";
import type { CpuWords } from "./cpu-knowledge.ts";
import type { CgroupHost } from "../../host/cgroup-host.ts";
import type { EventBus } from "../../event/event-bus.ts";
import type { Paths } from "../../host/paths.ts";
import type { ImageOwners } from "./image-owners.ts";
import type { Packing } from "./image-packing.ts";
import type { SnapshotStore } from "../../state/snapshot-store.ts";
import type { JobJournal } from "../../state/job-journal.ts";
import type { DomainStore } from "../../state/domain-store.ts";
import type { PerfCounters } from "./tune/perf-counters.ts";
import type {
  HostDevices,
  Networks,
  PacketFilters,
  Secrets,
  Volumes,
  VolumeWork,
} from "../contract.ts";

/** An emulator and what follows from it for definitions. */
export interface Emulator {
  readonly caps: QemuCapabilities;
  readonly facts: ResolveFacts;
  /**
   * The CPU to start a domain with, now that it is known which host it runs on.
   * @throws VireoError `cpuIncompatible`, `configUnsupported` when it cannot be had here
   */
  readonly guestCpu: (cpu: Cpu) => Promise<Cpu>;
  /**
   * That CPU as QEMU made it.
   * @throws VireoError `operationFailed` when the definition wants all of it checked and it differs
   */
  readonly madeCpu: (cpu: Cpu, words: CpuWords) => Promise<Cpu>;
}

export interface QemuEnvironment {
  readonly paths: Paths;
  readonly store: DomainStore;
  readonly journal: JobJournal;
  readonly snapshots: SnapshotStore;
  /** How memory is packed that is saved to files; not at all when absent. */
  readonly saveImageFormat?: Packing;
  readonly checkpoints: SnapshotStore;
  readonly events: EventBus;
  readonly perf: PerfCounters;
  /** Control groups of the host. */
  readonly cgroups: CgroupHost;
  readonly log: Logger;
  readonly agents: AgentLines;
  /** This boot of the host. */
  readonly bootId: string;
  /** Ids count up while the daemon lives. */
  readonly nextId: () => number;
  /**
   * The emulator that runs such a domain.
   * @throws VireoError `configUnsupported` when there is none
   */
  readonly emulatorFor: (domain: Domain) => Promise<Emulator>;
  /** Whose images are while guests run; absent when QEMU runs as the user that we are. */
  readonly owners?: ImageOwners;
  /** Of the drivers beside this one. */
  readonly secrets?: Secrets;
  readonly volumes?: Volumes;
  readonly volumeWork?: VolumeWork;
  readonly networks?: Networks;
  readonly filters?: PacketFilters;
  readonly devices?: HostDevices;
}
