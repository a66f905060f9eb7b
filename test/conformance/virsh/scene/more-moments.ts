/** Options of saves, snapshots, checkpoints, backups and block jobs. */
import type { Scene } from "../scene.ts";

const SNAPSHOT = (name: string, more = ""): string =>
  `<domainsnapshot><name>${name}</name><description>given</description>${more}</domainsnapshot>`;
const KNOWN = `<domainsnapshot><name>known</name><state>shutoff</state><creationTime>5</creationTime><disks><disk name='vda' snapshot='internal'/></disks><domain type='qemu'><name>off</name><uuid>0f0e0d0c-0b0a-4908-8706-050403020101</uuid><memory unit='MiB'>64</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os><devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='DIR/off.qcow2'/><target dev='vda' bus='virtio'/></disk></devices></domain></domainsnapshot>`;
const CHECKPOINT = `<domaincheckpoint><name>old</name><creationTime>5</creationTime><disks><disk name='vda' checkpoint='bitmap' bitmap='old'/></disks></domaincheckpoint>`;

export const MORE_MOMENT_SCENES: readonly Scene[] = [
  {
    title: "options: saves",
    guests: ["one"],
    commands: `
save one DIR/save --bypass-cache --paused --verbose
restore DIR/save --bypass-cache --running
domstate one --reason
save one DIR/save --xml DIR/one.guest
save-image-dumpxml DIR/save --xpath //name --wrap
save-image-define DIR/save DIR/one.guest --running
save-image-define DIR/save DIR/one.guest --running --paused
EDITOR='sed -i /on_crash/s,destroy,restart,' save-image-edit DIR/save --paused
EDITOR='sed -i /on_crash/s,nosuch,restart,' save-image-edit DIR/save --running
restore DIR/save --xml DIR/one.guest --running
domstate one --reason
save one DIR/save --running --paused
restore DIR/save --running --paused
save one DIR/save --reset-nvram
save one DIR/save
restore DIR/save --reset-nvram
managedsave one --bypass-cache --verbose
managedsave-dumpxml one --security-info --xpath //on_crash --wrap
managedsave-define one DIR/one.guest --paused
EDITOR='sed -i /on_crash/s,destroy,restart,' managedsave-edit one --running
EDITOR='sed -i /on_crash/s,destroy,restart,' managedsave-edit one --running --paused
EDITOR='sed -i /on_poweroff/s,destroy,restart,' managedsave-edit one --paused
start one --bypass-cache
domstate one --reason
dumpxml one --xpath //on_crash
destroy one
start one --paused --autodestroy
until 'shut off' domstate one
start one --reset-nvram
domstate one
destroy one
start one --console
domstate one
dump one DIR/core --memory-only --bypass-cache --verbose
dump one DIR/core2 --bypass-cache --verbose
dump one DIR/core3 --memory-only --format elf --verbose
dump one DIR/core4 --format elf
destroy one
create DIR/one.guest --console
create DIR/one.guest --reset-nvram --paused
destroy one
start one
managedsave one
undefine one --managed-save
list --all --name
`,
  },
  {
    title: "options: undefine",
    guests: ["off"],
    commands: `
undefine off --storage vda --remove-all-storage
undefine off --storage nosuch
undefine off --remove-all-storage --delete-storage-volume-snapshots
define DIR/off.guest
undefine off --storage DIR/off.qcow2 --wipe-storage
define DIR/off.guest
undefine off --nvram --keep-nvram
undefine off --keep-nvram
define DIR/off.guest
undefine off --tpm
define DIR/off.guest
undefine off --keep-tpm
define DIR/off.guest
undefine off --managed-save --snapshots-metadata --checkpoints-metadata
list --all --name
`,
  },
  {
    title: "options: snapshots",
    guests: ["one", "off"],
    files: {
      first: SNAPSHOT("first"),
      disk: SNAPSHOT(
        "disk",
        "<disks><disk name='vda' snapshot='external'><source file='DIR/disk.snap'/></disk></disks>",
      ),
      reuse: SNAPSHOT(
        "reuse",
        "<disks><disk name='vda' snapshot='external'><source file='DIR/disk.snap'/></disk></disks>",
      ),
      known: KNOWN,
      memory: SNAPSHOT(
        "memory",
        "<memory snapshot='external' file='DIR/mem'/><disks><disk name='vda' snapshot='external'><source file='DIR/mem.snap'/></disk></disks>",
      ),
      twice: SNAPSHOT("twice", "<disks><disk name='vda'/><disk name='vda'/></disks>"),
      stranger: SNAPSHOT("stranger", "<disks><disk name='nosuch'/></disks>"),
    },
    commands: `
change-media one hdc --eject
change-media one hdc --eject --config
change-media off hdc --eject --config
snapshot-create one --xmlfile @first --atomic
snapshot-create one --xmlfile @twice
snapshot-create one --xmlfile @stranger
snapshot-create one --xmlfile @first --disk-only --quiesce
snapshot-create one --xmlfile @disk --disk-only --atomic
snapshot-create one --xmlfile @reuse --disk-only --reuse-external
snapshot-create one --xmlfile @memory --live
snapshot-create one --xmlfile @memory --halt --disk-only --live
snapshot-create-as one --name both --description words --validate --print-xml
snapshot-create-as one --print-xml --diskspec vda,snapshot=external,driver=qcow2,stype=file,file=/a,,b
snapshot-create-as one --print-xml --memspec file=DIR/m,snapshot=external --no-metadata
snapshot-create-as one broken --diskspec vda,nosuch=1
snapshot-create-as one broken --diskspec vda,snapshot=nosuch
snapshot-create-as one broken --no-metadata --print-xml --halt
snapshot-create-as one bad/name
snapshot-create-as one --halt --disk-only --live broken
snapshot-dumpxml one disk --wrap --xpath //disks
snapshot-dumpxml one disk --security-info --xpath //name
snapshot-current one --security-info
snapshot-current one --snapshotname first --name
snapshot-current one nosuch
snapshot-list one --no-leaves
snapshot-list one --metadata
snapshot-list one --no-metadata
snapshot-list one --current --descendants
snapshot-list one --from disk
snapshot-list one --from nosuch
snapshot-list one --tree --name
snapshot-list one --roots --tree
snapshot-list one --inactive
snapshot-list one --active --name
snapshot-parent one --current
snapshot-parent one --snapshotname disk
snapshot-info one --snapshotname disk
snapshot-info one first --current
EDITOR='sed -i s/given/other/' snapshot-edit one --snapshotname first --current
EDITOR='sed -i s/first/second/' snapshot-edit one first --clone
EDITOR='sed -i s/first/third/' snapshot-edit one first
EDITOR='sed -i s/nosuch/third/' snapshot-edit one first
EDITOR='sed -i s/first/third/' snapshot-edit one first --rename --clone
snapshot-list one --name
snapshot-revert one --snapshotname first --current
snapshot-revert one --force --reset-nvram first
snapshot-revert one first --running --paused
snapshot-revert one --current --force --running
snapshot-create off --redefine @known --current
snapshot-create off --redefine @known --validate
snapshot-create off --redefine @first
snapshot-create off @first --live
snapshot-create off @first --quiesce
snapshot-create-as off cold --live
snapshot-create-as off cold --atomic
snapshot-create-as off cold2 --disk-only --diskspec vda,file=DIR/cold.snap
snapshot-list off
snapshot-current off --name
snapshot-revert off --current --paused
domstate off --reason
snapshot-delete off --snapshotname known
snapshot-delete off known --metadata
snapshot-delete off cold --children --children-only
snapshot-delete off cold --metadata
snapshot-list off --name
list --all --without-snapshot --name
undefine off --snapshots-metadata
`,
  },
  {
    title: "options: checkpoints and backups",
    guests: ["one", "off"],
    files: {
      old: CHECKPOINT,
      new: CHECKPOINT.replaceAll("old", "new").replace("<creationTime>5</creationTime>", ""),
      bare: `<domaincheckpoint/>`,
      wrong: `<domaincheckpoint><name>a</name><disks><disk name='nosuch'/></disks></domaincheckpoint>`,
      all: `<domainbackup/>`,
      since: `<domainbackup><incremental>new</incremental><disks><disk name='vda' type='file'><target file='DIR/since'/></disk></disks></domainbackup>`,
      never: `<domainbackup><incremental>nosuch</incremental></domainbackup>`,
      pull: `<domainbackup mode='pull'><server transport='unix' socket='DIR/nbd'/><disks><disk name='vda' type='file'><scratch file='DIR/scratch'/></disk></disks></domainbackup>`,
      nowhere: `<domainbackup><disks><disk name='nosuch' type='file'/></disks></domainbackup>`,
    },
    commands: `
checkpoint-create off
checkpoint-create one --xmlfile @new
checkpoint-create one --redefine @old
checkpoint-create one --redefine @new
checkpoint-create one --redefine-validate @old
checkpoint-create one @wrong
checkpoint-create one --quiesce
checkpoint-create-as one --name named --description words --quiesce
checkpoint-create-as one named --diskspec nosuch
checkpoint-create-as one named --diskspec vda,checkpoint=no --print-xml
checkpoint-create-as one none --diskspec vda,checkpoint=no
checkpoint-create-as one --print-xml
checkpoint-create-as one cdrom --diskspec hdc
checkpoint-dumpxml one --checkpointname new --no-domain --wrap --xpath //name
checkpoint-dumpxml one new --security-info
checkpoint-dumpxml one nosuch
checkpoint-info one --checkpointname new
checkpoint-list one --no-leaves --name
checkpoint-list one --roots --parent
checkpoint-list one --tree --roots
checkpoint-list one --from nosuch
checkpoint-list one --from new --name
checkpoint-parent one --checkpointname new
EDITOR='sed -i s/nosuch/x/' checkpoint-edit one --checkpointname new
EDITOR='sed -i s/new/x/' checkpoint-edit one new
backup-begin one --reuse-external
backup-begin one --backupxml @all --checkpointxml @bare
until 'Completed' domjobinfo one --completed
backup-begin one @since --checkpointxml @new
backup-begin one @never
backup-begin one @nowhere
backup-begin one @since
until 'Completed' domjobinfo one --completed
backup-begin one @pull
backup-dumpxml one --wrap
checkpoint-create one
blockcommit one vda
domjobabort one
until None domjobinfo one
snapshot-create-as one after --disk-only --no-metadata --diskspec hdc,snapshot=no
checkpoint-delete one --checkpointname new --children-only
checkpoint-delete one new --children --children-only
checkpoint-delete one new --children
checkpoint-list one --name
~ list --all --without-checkpoint
`,
  },
  {
    title: "options: block jobs",
    guests: ["one"],
    commands: `
snapshot-create-as one s1 --disk-only --no-metadata --diskspec vda,file=DIR/s1 --diskspec hdc,snapshot=no
snapshot-create-as one s2 --disk-only --no-metadata --diskspec vda,file=DIR/s2 --diskspec hdc,snapshot=no
snapshot-create-as one s3 --disk-only --no-metadata --diskspec vda,file=DIR/s3 --diskspec hdc,snapshot=no
snapshot-create-as one s4 --disk-only --no-metadata --diskspec vda,file=DIR/s4 --diskspec hdc,snapshot=no
blockcommit one vda --top DIR/s3 --base DIR/s2 --bandwidth 1000000 --bytes --wait --verbose
blockcommit one vda --top DIR/s2 --shallow --delete --wait
blockcopy one vda --dest DIR/s2 --reuse-external --transient-job
blockcommit one vda --top DIR/s2 --base DIR/s1 --keep-relative --wait
blockcommit one vda --active --shallow --keep-overlay --wait --verbose
blockjob one vda --info
blockjob one vda --bandwidth 5
blockjob one vda --raw
blockjob one vda --bytes --info
blockjob one vda --pivot --async
blockjob one vda --abort --async
until 'No current' blockjob one vda
blockcommit one vda --active --keep-overlay --pivot
blockcommit one vda --async
blockcommit one vda --timeout 5
blockcommit one vda --bandwidth -1
blockcommit one vda --bandwidth 99999999999999999999
blockpull one vda --base DIR/s1 --bandwidth 5 --bytes
blockpull one vda --base nosuch
blockpull one vda --keep-relative
blockpull one vda --base DIR/s1 --keep-relative --wait
blockpull one vda --async
blockpull one vda --timeout 5 --wait --verbose
dumpxml one --xpath //disk[1]
blockcopy one vda --dest DIR/copy.qcow2 --format nosuch --wait
blockcopy one vda --dest DIR/copy.qcow2 --format qcow2 --granularity 65536 --buf-size 1048576 --bandwidth 1000000 --bytes --transient-job
until 100 blockjob one vda
blockjob one vda --info
dumpxml one --xpath //disk[1]/mirror
managedsave one
detach-disk one vda
snapshot-create-as one s5 --disk-only
blockresize one vda 32M
blockjob one vda --abort
blockcopy one vda --dest DIR/copy.qcow2 --reuse-external --shallow --transient-job --wait --finish
blockcopy one vda --dest DIR/copy.qcow2 --granularity 5 --transient-job
blockcopy one vda --dest DIR/copy.raw --format raw --synchronous-writes --transient-job --wait --pivot
blockcopy one vda --dest DIR/copy3 --blockdev --transient-job
blockcopy one vda --dest DIR/copy3 --async --transient-job
blockcopy one vda --dest DIR/copy3 --timeout 5 --transient-job --wait --finish
blockcopy one vda --dest DIR/copy4 --pivot --finish
blockcopy one vda
blockcopy one vda DIR/copy5
blockresize one vda
blockresize one vda --size 17M
blockresize one vda 16M
blockresize one vda 99999999999999999999
blockresize one hdc 5M
domblkthreshold one vda[1] 5
domblkthreshold one vda[99] 5
blockjob one vda --info --abort
blockjob one vda --raw --abort
blockjob one vda --bandwidth 5 --pivot
dumpxml one --xpath //disk[1]
`,
  },
];
