/** Which file runs which command, so that running one command reads one file. */
import type { Handler } from "../answer.ts";

interface HandlerFile {
  readonly names: readonly string[];
  load(): Promise<{ readonly handlers: { readonly [name: string]: Handler } }>;
}

const file = (names: string, load: HandlerFile["load"]): HandlerFile => ({
  names: names.split(" "),
  load,
});

const files: readonly HandlerFile[] = [
  file("cd pwd echo quit exit", () => import("./itself/terminal.ts")),
  file("help complete completion connect", () => import("./itself/guide.ts")),
  file("list", () => import("./monitor/list.ts")),
  file("dominfo domstate domcontrol", () => import("./monitor/info.ts")),
  file("domblklist domblkinfo domblkstat domblkerror", () => import("./monitor/disk.ts")),
  file("domiflist domifaddr domifstat domif-getlink", () => import("./monitor/network.ts")),
  file("domstats dommemstat", () => import("./monitor/stats.ts")),
  file(
    "start shutdown reboot reset destroy suspend resume inject-nmi",
    () => import("./domain/power.ts"),
  ),
  file("undefine", () => import("./domain/undefine.ts")),
  file("define create autostart domrename", () => import("./domain/definition.ts")),
  file("console ttyconsole", () => import("./domain/console.ts")),
  file("domdisplay vncdisplay", () => import("./domain/display.ts")),
  file("domid domname domuuid", () => import("./domain/identity.ts")),
  file("dumpxml edit", () => import("./domain/xml.ts")),
  file("desc metadata", () => import("./domain/text.ts")),
  file("vcpucount vcpuinfo", () => import("./domain/cpu.ts")),
  file("event", () => import("./event/domain.ts")),
  file(
    "uri hostname version capabilities domcapabilities sysinfo maxvcpus cpu-models",
    () => import("./host/connection.ts"),
  ),
  file("nodeinfo nodecpustats nodememstats nodecpumap", () => import("./host/node.ts")),
  file("freecell", () => import("./host/memory.ts")),
  file(
    "net-define net-create net-start net-destroy net-undefine net-autostart net-dumpxml net-edit net-info net-name net-uuid",
    () => import("./network/network.ts"),
  ),
  file("net-list net-dhcp-leases net-port-list", () => import("./network/list.ts")),
  file(
    "net-update net-port-create net-port-dumpxml net-port-delete",
    () => import("./network/update.ts"),
  ),
  file(
    "pool-define pool-create pool-build pool-start pool-destroy pool-delete pool-refresh pool-undefine pool-autostart pool-dumpxml pool-edit pool-name pool-uuid",
    () => import("./storage/pool.ts"),
  ),
  file("pool-list pool-info pool-capabilities", () => import("./storage/pool-list.ts")),
  file(
    "pool-define-as pool-create-as find-storage-pool-sources-as find-storage-pool-sources",
    () => import("./storage/pool-source.ts"),
  ),
  file(
    "vol-list vol-info vol-dumpxml vol-key vol-name vol-path vol-pool vol-delete vol-wipe vol-resize",
    () => import("./storage/volume.ts"),
  ),
  file(
    "vol-create-as vol-create vol-create-from vol-clone",
    () => import("./storage/volume-create.ts"),
  ),
  file("vol-download vol-upload", () => import("./storage/transfer.ts")),
  file(
    "nwfilter-define nwfilter-undefine nwfilter-dumpxml nwfilter-edit nwfilter-list nwfilter-binding-create nwfilter-binding-delete nwfilter-binding-dumpxml nwfilter-binding-list",
    () => import("./nwfilter/nwfilter.ts"),
  ),
  file(
    "secret-define secret-dumpxml secret-list secret-get-value secret-set-value secret-undefine",
    () => import("./secret/secret.ts"),
  ),
  file(
    "iface-list iface-name iface-mac iface-dumpxml iface-edit iface-define iface-undefine iface-start iface-destroy iface-begin iface-commit iface-rollback",
    () => import("./interface/interface.ts"),
  ),
  file(
    "iface-bridge iface-unbridge iface-try iface-try-bridge",
    () => import("./interface/bridge.ts"),
  ),
  file(
    "nodedev-list nodedev-dumpxml nodedev-info nodedev-detach nodedev-reattach nodedev-reset nodedev-create nodedev-define nodedev-destroy nodedev-undefine nodedev-start nodedev-autostart",
    () => import("./node-device/node-device.ts"),
  ),
  file("net-event pool-event nodedev-event secret-event", () => import("./event/object.ts")),
  file(
    "setvcpus setvcpu setmem setmaxmem iothreadinfo iothreadadd iothreaddel memtune",
    () => import("./domain/resource.ts"),
  ),
  file(
    "attach-device detach-device update-device detach-device-alias",
    () => import("./domain/device.ts"),
  ),
  file("attach-disk detach-disk", () => import("./domain/disk.ts")),
  file("attach-interface detach-interface domif-setlink", () => import("./domain/interface.ts")),
  file(
    "managedsave managedsave-remove managedsave-dumpxml managedsave-define managedsave-edit save restore save-image-dumpxml save-image-define save-image-edit dump",
    () => import("./domain/save.ts"),
  ),
  file(
    "domhostname domfstrim domfsfreeze domfsthaw set-user-password guest-agent-timeout qemu-monitor-command qemu-agent-command",
    () => import("./domain/guest.ts"),
  ),
  file("snapshot-list", () => import("./snapshot/list.ts")),
  file(
    "snapshot-info snapshot-current snapshot-parent snapshot-dumpxml snapshot-revert snapshot-delete",
    () => import("./snapshot/snapshot.ts"),
  ),
  file("snapshot-create snapshot-create-as", () => import("./snapshot/create.ts")),
  file("blkiotune numatune schedinfo cpu-stats", () => import("./domain/tuning.ts")),
  file("vcpupin emulatorpin", () => import("./domain/pin.ts")),
  file("dompmsuspend dompmwakeup set-lifecycle-action screenshot", () => import("./domain/act.ts")),
  file(
    "domjobinfo domjobabort migrate-getspeed migrate-setspeed migrate-getmaxdowntime migrate-setmaxdowntime",
    () => import("./domain/job.ts"),
  ),
  file("blockresize", () => import("./domain/block.ts")),
  file("change-media", () => import("./domain/media.ts")),
  file("domtime", () => import("./monitor/time.ts")),
  file("freepages node-memory-tune", () => import("./host/pages.ts")),
  file("send-key send-process-signal", () => import("./domain/key.ts")),
  file("image-graph image-why image-delete image-restore", () => import("./image/image.ts")),
  file("domain-create clone image-import image-list", () => import("./new/new-domain.ts")),
  file(
    "fs-ls fs-cat fs-cp fs-edit fs-df fs-partitions",
    () => import("./guest-file/guest-file.ts"),
  ),
  file("explain net-why device-why history plan apply", () => import("./insight/insight.ts")),
  file(
    "user-list user-create user-password user-delete token-list token-create token-delete",
    () => import("./access/access.ts"),
  ),
];

/** Names of commands that can be run. */
export const handledNames: readonly string[] = files.flatMap(({ names }) => names);

/** What runs a command, or undefined when nothing does yet. */
export async function findHandler(name: string): Promise<Handler | undefined> {
  const found = files.find(({ names }) => names.includes(name));
  return (await found?.load())?.handlers[name];
}
