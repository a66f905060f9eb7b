/** Names, lists, definitions, life. */
import type { Scene } from "../scene.ts";

const NAMED =
  "autostart console cpu-stats desc destroy domblkerror domblkinfo domblklist domblkstat domcontrol domdisplay " +
  "domfsfreeze domfsthaw domfsinfo domfstrim domhostname domid domifaddr domiflist dominfo domjobabort " +
  "domjobinfo domlaunchsecinfo dommemstat dompmwakeup domstate domtime domuuid dumpxml edit emulatorpin " +
  "guestinfo guestvcpus inject-nmi iothreadinfo managedsave managedsave-dumpxml managedsave-edit " +
  "managedsave-remove memtune blkiotune numatune perf reboot reset resume schedinfo screenshot shutdown start " +
  "suspend ttyconsole undefine vcpucount vcpuinfo vcpupin vncdisplay snapshot-list snapshot-current " +
  "checkpoint-list backup-begin backup-dumpxml domdirtyrate-calc domstats guest-agent-timeout " +
  "snapshot-create-as checkpoint-create-as snapshot-create checkpoint-create";

const WITH_ARGUMENTS = `
attach-device nosuch @disk
attach-disk nosuch DIR/other.iso vdb
attach-interface nosuch user none
blkdeviotune nosuch vda
blockcommit nosuch vda
blockcopy nosuch vda DIR/copy
blockjob nosuch vda
blockpull nosuch vda
blockresize nosuch vda 1M
change-media nosuch hdc --eject
detach-device nosuch @disk
detach-device-alias nosuch a
detach-disk nosuch vda
detach-interface nosuch user
domif-setlink nosuch vnet0 up
domif-getlink nosuch vnet0
domifstat nosuch vnet0
domiftune nosuch vnet0
domname 99
domrename nosuch other
dompmsuspend nosuch mem
domxml-to-native qemu-argv nosuch
dump nosuch DIR/core
get-user-sshkeys nosuch root
set-user-sshkeys nosuch root
iothreadadd nosuch 5
iothreaddel nosuch 5
iothreadpin nosuch 1 0
iothreadset nosuch 1 --poll-max-ns 5
lxc-enter-namespace nosuch /bin/true
managedsave-define nosuch @disk
metadata nosuch urn:a
domsetlaunchsecstate nosuch --secrethdr @disk --secret @disk
qemu-monitor-command nosuch --hmp info
qemu-agent-command nosuch {}
save nosuch DIR/save
send-key nosuch KEY_A
send-process-signal nosuch 1 kill
set-lifecycle-action nosuch reboot destroy
set-user-password nosuch root pw
setmaxmem nosuch 1024
setmem nosuch 1024
setvcpu nosuch 0 --enable
setvcpus nosuch 1
update-device nosuch @disk
update-memory-device nosuch --node 0 --requested-size 1M
domblkthreshold nosuch vda 5
event nosuch --all --timeout 1
qemu-monitor-event nosuch --timeout 1
snapshot-info nosuch s
snapshot-parent nosuch s
snapshot-dumpxml nosuch s
snapshot-delete nosuch s
snapshot-revert nosuch s
snapshot-edit nosuch s
checkpoint-info nosuch c
checkpoint-parent nosuch c
checkpoint-dumpxml nosuch c
checkpoint-delete nosuch c
checkpoint-edit nosuch c
`;

const DISK = `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='DIR/other.iso'/><target dev='vdb' bus='virtio'/></disk>`;

const FLEETING = `<domain type='qemu'><name>fleeting</name><uuid>0f0e0d0c-0b0a-4908-8706-050403020107</uuid>
<memory unit='MiB'>16</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os>
<features><acpi/></features><devices><memballoon model='none'/></devices></domain>`;

export const DOMAIN_SCENES: readonly Scene[] = [
  {
    title: "unknown",
    guests: [],
    files: { disk: DISK },
    commands: `${NAMED.split(" ")
      .map((command) => `${command} nosuch`)
      .join("\n")}\n${WITH_ARGUMENTS}`,
  },
  {
    title: "life",
    guests: ["off"],
    files: {
      fleeting: FLEETING,
      broken: FLEETING.replace("</name>", "</nam>"),
      other: FLEETING.replace("fleeting", "off"),
      strange: FLEETING.replace("<memory", "<strange/><memory"),
    },
    commands: `
list --all
list --inactive --name
list --all --uuid
list --all --id
list --all --title
list --all --managed-save
list --autostart --all
list --no-autostart --all
list --persistent --all
list --transient
list --state-shutoff --all
list --with-snapshot --all
list --without-managed-save --all
list --with-checkpoint --all
dominfo off
domstate off --reason
domid off
domuuid off
domname 0f0e0d0c-0b0a-4908-8706-050403020101
domcontrol off
autostart off
autostart off --disable
desc off
desc off --title --new-desc 'A title'
desc off --new-desc Words
desc off --title
list --all --title
EDITOR='sed -i s/^#.*//' desc off --edit
metadata off urn:a
metadata off urn:a --key k --set <b/>
metadata off urn:a
metadata off urn:a --remove
metadata off urn:a --set <unclosed>
set-lifecycle-action off reboot destroy
set-lifecycle-action off crash coredump-restart
set-lifecycle-action off crash nosuch
set-lifecycle-action off reboot coredump-destroy
set-lifecycle-action off poweroff rename-restart
set-lifecycle-action off poweroff destroy
set-lifecycle-action off reboot preserve --live
dumpxml off
dumpxml off --xpath //vcpu
dumpxml off --inactive --security-info
EDITOR='sed -i /on_crash/s,destroy,restart,' edit off
EDITOR='sed -i s/qemu/nosuch/' edit off
dumpxml off --xpath //vcpu
define @fleeting
define @fleeting --validate
define @broken
define @other
define @strange
define @strange --validate
domrename fleeting off
domrename fleeting gone
domrename gone fleeting
undefine fleeting
undefine fleeting
create @fleeting --paused
create @fleeting
list --transient
list --state-paused
dominfo fleeting
autostart fleeting
undefine fleeting
resume fleeting
domstate fleeting --reason
define @fleeting
destroy fleeting
domstate fleeting --reason
undefine fleeting --nvram
create @strange --validate
create @broken
create @fleeting --autodestroy
start off --paused
start off
domid off
domstate off --reason
ttyconsole off
console off
vncdisplay off
domdisplay off
domdisplay off --all
domdisplay off --type spice
list
list --state-running
set-lifecycle-action off reboot restart --live
set-lifecycle-action off poweroff destroy --live --config
dumpxml off
dumpxml off --migratable
dumpxml off --update-cpu
suspend off
resume off
suspend off
suspend off
reset off
resume off
domstate off --reason
reboot off --mode acpi
reboot off --mode agent
reboot off --mode nosuch
shutdown off --mode agent
inject-nmi off
undefine off
dominfo off
destroy off --graceful
destroy off
list --all
`,
  },
  {
    title: "not running",
    guests: ["off"],
    files: { disk: DISK },
    commands: `
destroy off
suspend off
resume off
reset off
reboot off
shutdown off
console off
ttyconsole off
vncdisplay off
domdisplay off
domjobinfo off
domjobabort off
domtime off
domhostname off
domfsinfo off
domfsfreeze off
domfsthaw off
domfstrim off
guestinfo off
guestvcpus off
inject-nmi off
send-key off KEY_A
send-process-signal off 1 kill
screenshot off DIR/shot
dump off DIR/core
save off DIR/save
managedsave off
managedsave-remove off
managedsave-dumpxml off
dompmsuspend off mem
dompmwakeup off
domblkerror off
domblkstat off vda
domifstat off ua-net
dommemstat off
domifaddr off
blockjob off vda
blockpull off vda
blockcommit off vda
blockcopy off vda DIR/copy
blockresize off vda 32M
domblkthreshold off vda 100
qemu-monitor-command off --hmp info
qemu-agent-command off {}
set-user-password off root pw
get-user-sshkeys off root
domlaunchsecinfo off
domdirtyrate-calc off
backup-begin off
backup-dumpxml off
cpu-stats off
attach-device off @disk --live
guest-agent-timeout off 5
domcontrol off
vcpuinfo off
restore DIR/nosuch
update-memory-device off --node 0 --requested-size 1M --live
`,
  },
];
