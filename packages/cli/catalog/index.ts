/**
 * Which file declares which command, so that running one command reads one file.
 * `catalog.test.ts` checks that the names here and in the files are the same.
 */
import type { Command, Commands } from "./option.ts";

/** One file of declarations. */
export interface Topic {
  readonly names: readonly string[];
  load(): Promise<Commands>;
}

export interface Group {
  readonly title: string;
  /** `help KEYWORD` lists the group. */
  readonly keyword: string;
  readonly topics: readonly Topic[];
  /** virsh has no such group. */
  readonly ours?: true;
}

const topic = (names: string, load: () => Promise<Commands>): Topic => ({
  names: names.split(" "),
  load,
});

/** Every group in the order of `help`. */
export const groups: readonly Group[] = [
  {
    title: "Domain Management",
    keyword: "domain",
    topics: [
      topic(
        "start shutdown reboot reset destroy suspend resume create define undefine autostart domrename console ttyconsole dompmsuspend dompmwakeup inject-nmi send-key send-process-signal screenshot set-lifecycle-action qemu-attach lxc-enter-namespace vncdisplay domdisplay dom-fd-associate",
        async () => (await import("./domain-lifecycle.ts")).domainLifecycleCommands,
      ),
      topic(
        "dumpxml edit desc metadata domid domname domuuid domxml-from-native domxml-to-native domlaunchsecinfo domsetlaunchsecstate managedsave managedsave-remove managedsave-edit managedsave-dumpxml managedsave-define save save-image-define save-image-dumpxml save-image-edit restore dump",
        async () => (await import("./domain-config.ts")).domainConfigCommands,
      ),
      topic(
        "attach-device attach-disk attach-interface detach-device detach-device-alias detach-disk detach-interface update-device update-memory-device change-media domif-setlink domiftune domblkthreshold blkdeviotune",
        async () => (await import("./domain-device.ts")).domainDeviceCommands,
      ),
      topic(
        "blockcommit blockcopy blockjob blockpull blockresize",
        async () => (await import("./domain-block.ts")).domainBlockCommands,
      ),
      topic(
        "blkiotune memtune numatune schedinfo perf cpu-stats setmem setmaxmem setvcpus setvcpu guestvcpus vcpucount vcpuinfo vcpupin emulatorpin iothreadinfo iothreadpin iothreadadd iothreadset iothreaddel domdirtyrate-calc",
        async () => (await import("./domain-tune.ts")).domainTuneCommands,
      ),
      topic(
        "domfsfreeze domfsthaw domfsinfo domfstrim domhostname get-user-sshkeys set-user-sshkeys set-user-password guestinfo qemu-agent-command guest-agent-timeout qemu-monitor-command qemu-monitor-event",
        async () => (await import("./domain-agent.ts")).domainAgentCommands,
      ),
      topic(
        "migrate migrate-setmaxdowntime migrate-getmaxdowntime migrate-compcache migrate-setspeed migrate-getspeed migrate-postcopy domjobabort domjobinfo",
        async () => (await import("./domain-migration.ts")).domainMigrationCommands,
      ),
    ],
  },
  {
    title: "Domain Monitoring",
    keyword: "monitor",
    topics: [
      topic(
        "domblkerror domblkinfo domblklist domblkstat domcontrol domif-getlink domifaddr domiflist domifstat dominfo dommemstat domstate domstats domtime list",
        async () => (await import("./monitor.ts")).monitorCommands,
      ),
    ],
  },
  {
    title: "Domain Events",
    keyword: "events",
    topics: [topic("event", async () => (await import("./event.ts")).eventCommands)],
  },
  {
    title: "Host and Hypervisor",
    keyword: "host",
    topics: [
      topic(
        "allocpages capabilities cpu-baseline cpu-compare cpu-models domcapabilities freecell freepages hostname hypervisor-cpu-baseline hypervisor-cpu-compare maxvcpus node-memory-tune nodecpumap nodecpustats nodeinfo nodememstats nodesevinfo nodesuspend sysinfo uri version",
        async () => (await import("./host.ts")).hostCommands,
      ),
    ],
  },
  {
    title: "Checkpoint",
    keyword: "checkpoint",
    topics: [
      topic(
        "checkpoint-create checkpoint-create-as checkpoint-delete checkpoint-dumpxml checkpoint-edit checkpoint-info checkpoint-list checkpoint-parent",
        async () => (await import("./checkpoint.ts")).checkpointCommands,
      ),
    ],
  },
  {
    title: "Interface",
    keyword: "interface",
    topics: [
      topic(
        "iface-begin iface-bridge iface-commit iface-define iface-destroy iface-dumpxml iface-edit iface-list iface-mac iface-name iface-rollback iface-start iface-unbridge iface-undefine",
        async () => (await import("./interface.ts")).interfaceCommands,
      ),
    ],
  },
  {
    title: "Network Filter",
    keyword: "filter",
    topics: [
      topic(
        "nwfilter-define nwfilter-dumpxml nwfilter-edit nwfilter-list nwfilter-undefine nwfilter-binding-create nwfilter-binding-delete nwfilter-binding-dumpxml nwfilter-binding-list",
        async () => (await import("./network-filter.ts")).networkFilterCommands,
      ),
    ],
  },
  {
    title: "Networking",
    keyword: "network",
    topics: [
      topic(
        "net-autostart net-create net-define net-destroy net-dhcp-leases net-dumpxml net-edit net-event net-info net-list net-name net-start net-undefine net-update net-uuid net-port-list net-port-create net-port-dumpxml net-port-delete",
        async () => (await import("./network.ts")).networkCommands,
      ),
    ],
  },
  {
    title: "Node Device",
    keyword: "nodedev",
    topics: [
      topic(
        "nodedev-create nodedev-destroy nodedev-detach nodedev-dettach nodedev-dumpxml nodedev-list nodedev-reattach nodedev-reset nodedev-event nodedev-define nodedev-undefine nodedev-start nodedev-autostart nodedev-info",
        async () => (await import("./node-device.ts")).nodeDeviceCommands,
      ),
    ],
  },
  {
    title: "Secret",
    keyword: "secret",
    topics: [
      topic(
        "secret-define secret-dumpxml secret-event secret-get-value secret-list secret-set-value secret-undefine",
        async () => (await import("./secret.ts")).secretCommands,
      ),
    ],
  },
  {
    title: "Snapshot",
    keyword: "snapshot",
    topics: [
      topic(
        "snapshot-create snapshot-create-as snapshot-current snapshot-delete snapshot-dumpxml snapshot-edit snapshot-info snapshot-list snapshot-parent snapshot-revert",
        async () => (await import("./snapshot.ts")).snapshotCommands,
      ),
    ],
  },
  {
    title: "Backup",
    keyword: "backup",
    topics: [
      topic(
        "backup-begin backup-dumpxml",
        async () => (await import("./backup.ts")).backupCommands,
      ),
    ],
  },
  {
    title: "Storage Pool",
    keyword: "pool",
    topics: [
      topic(
        "find-storage-pool-sources-as find-storage-pool-sources pool-autostart pool-build pool-create-as pool-create pool-define-as pool-define pool-delete pool-destroy pool-dumpxml pool-edit pool-info pool-list pool-name pool-refresh pool-start pool-undefine pool-uuid pool-event pool-capabilities",
        async () => (await import("./storage-pool.ts")).storagePoolCommands,
      ),
    ],
  },
  {
    title: "Storage Volume",
    keyword: "volume",
    topics: [
      topic(
        "vol-clone vol-create-as vol-create vol-create-from vol-delete vol-download vol-dumpxml vol-info vol-key vol-list vol-name vol-path vol-pool vol-resize vol-upload vol-wipe",
        async () => (await import("./storage-volume.ts")).storageVolumeCommands,
      ),
    ],
  },
  {
    title: "Interfaces with a Way Back",
    keyword: "interface-try",
    ours: true,
    topics: [
      topic(
        "iface-try iface-try-bridge",
        async () => (await import("./interface-try.ts")).interfaceTryCommands,
      ),
    ],
  },
  {
    title: "Insight",
    keyword: "insight",
    ours: true,
    topics: [
      topic(
        "explain net-why device-why history plan apply",
        async () => (await import("./insight.ts")).insightCommands,
      ),
    ],
  },
  {
    title: "Images",
    keyword: "image",
    ours: true,
    topics: [
      topic(
        "fs-ls fs-cat fs-cp fs-edit fs-df fs-partitions",
        async () => (await import("./guest-file.ts")).guestFileCommands,
      ),
      topic(
        "domain-create clone image-import image-list",
        async () => (await import("./new-domain.ts")).newDomainCommands,
      ),
      topic(
        "image-graph image-why image-delete image-restore",
        async () => (await import("./image.ts")).imageCommands,
      ),
    ],
  },
  {
    title: "Access by HTTP",
    keyword: "access",
    ours: true,
    topics: [
      topic(
        "user-list user-create user-password user-delete token-list token-create token-delete",
        async () => (await import("./access.ts")).accessCommands,
      ),
    ],
  },
  {
    title: "Vireo itself",
    keyword: "vireo",
    topics: [
      topic(
        "cd echo exit help pwd quit complete completion connect",
        async () => (await import("./itself.ts")).itselfCommands,
      ),
    ],
  },
];

const topics: readonly Topic[] = groups.flatMap((group) => group.topics);

/** The file that declares a command, or undefined when there is no such command. */
export const topicOf = (name: string): Topic | undefined =>
  topics.find((topic) => topic.names.includes(name));

/** The declaration of a command. */
export async function findCommand(name: string): Promise<Command | undefined> {
  return (await topicOf(name)?.load())?.[name];
}

/** The names of a group in the order of `help`. */
export const namesOf = (group: Group): readonly string[] => {
  const names = group.topics.flatMap((topic) => topic.names);
  return group.topics.length > 1 ? names.toSorted() : names;
};

/** Declarations of a whole group, hidden ones left out. */
export async function commandsOf(group: Group): Promise<ReadonlyMap<string, Command>> {
  const topics = await Promise.all(group.topics.map((topic) => topic.load()));
  const loaded = new Map(topics.flatMap((commands) => Object.entries(commands)));
  const shown = namesOf(group).flatMap((name) => {
    const command = loaded.get(name);
    return command === undefined || command.hidden === true ? [] : [[name, command] as const];
  });
  return new Map(shown);
}
