/** Saves, snapshots, checkpoints, backups, block jobs. */
import type { Scene } from "../scene.ts";

const SNAPSHOT = `<domainsnapshot><name>given</name><description>by XML</description></domainsnapshot>`;
const CHECKPOINT = `<domaincheckpoint><name>cp</name><disks><disk name='vda' checkpoint='bitmap'/></disks></domaincheckpoint>`;
const BACKUP = `<domainbackup mode='push'><disks><disk name='vda' type='file'><target file='DIR/backup.qcow2'/><driver type='qcow2'/></disk><disk name='hdc' backup='no'/></disks></domainbackup>`;

export const MOMENT_SCENES: readonly Scene[] = [
  {
    title: "save and restore",
    guests: ["one", "two"],
    commands: `
save one DIR/nodir/save
save one DIR/save --running
domstate one --reason
save-image-dumpxml DIR/save --xpath //name
save-image-dumpxml DIR/save --security-info
save-image-dumpxml DIR/nosuch
save-image-dumpxml DIR/medium.iso
EDITOR='sed -i /on_crash/s,destroy,restart,' save-image-edit DIR/save
save-image-define DIR/save @nosuch
save-image-define DIR/nosuch DIR/one.guest
save-image-define DIR/save DIR/two.guest
save-image-dumpxml DIR/save --xpath //on_crash
restore DIR/nosuch
restore DIR/medium.iso
restore DIR/save --paused
domstate one --reason
restore DIR/save
resume one
managedsave one --paused
managedsave one
~ list --all --managed-save
list --with-managed-save --all
dominfo one
managedsave-dumpxml one --xpath //name
EDITOR='sed -i /on_crash/s,destroy,restart,' managedsave-edit one
managedsave-define one DIR/two.guest
managedsave-define one DIR/one.guest --running
undefine one
start one
domstate one --reason
managedsave one --running --bypass-cache
managedsave-remove one
managedsave-remove one
managedsave one
start one
managedsave one
start one --force-boot
domstate one --reason
managedsave two
save two DIR/save2
~ list --all
restore DIR/save2
domstate two --reason
save one DIR/save3 --verbose
~ domjobinfo one --completed
`,
  },
  {
    title: "snapshots",
    guests: ["one"],
    files: { given: SNAPSHOT, redefined: SNAPSHOT, broken: "<domainsnapshot>", wrong: "<nosuch/>" },
    commands: `
snapshot-list one
snapshot-current one
snapshot-create-as one first 'the first' --print-xml
snapshot-create-as one first
snapshot-create-as one first
snapshot-create-as one disk --disk-only --diskspec vda,snapshot=external,file=DIR/disk.snap --atomic
domblklist one
snapshot-list one --tree
snapshot-info one first
snapshot-info one disk
snapshot-current one --name
snapshot-dumpxml one first
snapshot-dumpxml one disk --xpath //disks
snapshot-parent one disk
snapshot-parent one first
snapshot-create-as one memory --memspec DIR/mem,snapshot=external --diskspec vda,file=DIR/memdisk --live
snapshot-info one memory
snapshot-list one --external
snapshot-list one --internal
snapshot-list one --roots
snapshot-list one --leaves --parent
snapshot-list one --from first --descendants
snapshot-list one --name --topological
snapshot-list one --disk-only
snapshot-list one --active
snapshot-create-as one quiet --disk-only --quiesce
snapshot-create-as one bad --disk-only --diskspec nosuch,file=DIR/x
snapshot-create-as one bad --memspec nonsense
snapshot-create-as one bad --disk-only --diskspec vda,file=DIR/disk.snap --reuse-external
snapshot-create one @broken
snapshot-create one @wrong
snapshot-create one @given --validate
snapshot-create one --no-metadata --disk-only
snapshot-revert one first
snapshot-revert one disk
snapshot-revert one nosuch
snapshot-delete one nosuch
snapshot-delete one disk
snapshot-delete one memory
snapshot-delete one first
snapshot-delete one memory --metadata
snapshot-delete one disk --metadata
snapshot-list one
undefine one
`,
  },
  {
    title: "internal snapshots",
    guests: ["one", "off"],
    files: { given: SNAPSHOT },
    commands: `
change-media one hdc --eject
snapshot-create-as one first 'the first'
snapshot-create one @given
snapshot-create-as one third --halt
domstate one
list --with-snapshot --all
snapshot-list one --parent
snapshot-list one --tree
snapshot-current one --name
snapshot-current one first
snapshot-info one --current
snapshot-dumpxml one third --xpath //parent
snapshot-revert one first --paused
domstate one --reason
snapshot-current one --name
snapshot-revert one first --running
snapshot-revert one third
domstate one --reason
EDITOR='sed -i /description/s,first,newer,' snapshot-edit one first
snapshot-info one first
EDITOR='sed -i s/given/renamed/' snapshot-edit one given --rename
snapshot-list one
snapshot-delete one first --children-only
snapshot-list one --name
snapshot-delete one --current
snapshot-delete one first --children
snapshot-list one
snapshot-create-as off cold
snapshot-list off
snapshot-list off --inactive
snapshot-info off cold
snapshot-revert off cold
snapshot-revert off cold --running
domstate off
destroy off
undefine off
undefine off --snapshots-metadata
`,
  },
  {
    title: "checkpoints and backups",
    guests: ["one"],
    files: {
      cp: CHECKPOINT,
      backup: BACKUP,
      broken: "<domaincheckpoint>",
      pull: `<domainbackup mode='pull'><server transport='unix' socket='DIR/nbd'/><disks><disk name='vda' type='file'><scratch file='DIR/scratch'/></disk><disk name='hdc' backup='no'/></disks></domainbackup>`,
      wrong: "<nosuch/>",
    },
    commands: `
checkpoint-list one
checkpoint-create-as one first --print-xml
checkpoint-create-as one first 'the first' --diskspec vda
checkpoint-create-as one first
checkpoint-create one @cp
checkpoint-create one @broken
checkpoint-create one --quiesce
checkpoint-list one --tree
checkpoint-list one --name --topological
checkpoint-list one --parent
checkpoint-list one --roots
checkpoint-list one --leaves
checkpoint-list one --from first --descendants
checkpoint-info one first
checkpoint-info one cp
checkpoint-parent one cp
checkpoint-parent one first
checkpoint-dumpxml one first --no-domain
checkpoint-dumpxml one cp --no-domain --size
checkpoint-dumpxml one cp --xpath //parent
EDITOR='sed -i /description/s,first,newer,' checkpoint-edit one first
checkpoint-info one nosuch
~ list --with-checkpoint
backup-dumpxml one
backup-begin one @wrong
backup-begin one @backup
~ until 'Completed' domjobinfo one --completed
domjobinfo one
backup-begin one @backup
backup-begin one @pull
backup-dumpxml one --xpath //server
domjobabort one
until None domjobinfo one
backup-begin one
checkpoint-delete one first --children-only
checkpoint-delete one first --metadata
checkpoint-delete one nosuch
checkpoint-create-as one again
checkpoint-delete one again
checkpoint-list one
undefine one
`,
  },
  {
    title: "block jobs",
    guests: ["one"],
    files: {
      copy: `<disk type='file'><source file='DIR/copyx.qcow2'/><driver type='qcow2'/></disk>`,
    },
    commands: `
blockjob one vda
blockjob one nosuch
blockjob one vda --abort
blockjob one vda --pivot
blockjob one vda 5
blockjob one vda --raw
blockpull one vda
blockpull one nosuch
blockcommit one vda
blockcommit one vda --active --pivot
snapshot-create-as one s1 --disk-only --no-metadata --diskspec vda,file=DIR/s1 --diskspec hdc,snapshot=no
snapshot-create-as one s2 --disk-only --no-metadata --diskspec vda,file=DIR/s2 --diskspec hdc,snapshot=no
snapshot-create-as one s3 --disk-only --no-metadata --diskspec vda,file=DIR/s3 --diskspec hdc,snapshot=no
dumpxml one --xpath //disk[1]
blockcommit one vda --top vda[1] --base vda[2] --wait --verbose
dumpxml one --xpath //disk[1]//source
blockcommit one vda --base nosuch
blockcommit one vda --shallow --active
until 100 blockjob one vda
blockjob one vda --bytes
blockcommit one vda --active
blockjob one vda --abort
blockcommit one vda --active --pivot --verbose
dumpxml one --xpath //disk[1]
snapshot-create-as one s4 --disk-only --no-metadata --diskspec vda,file=DIR/s4 --diskspec hdc,snapshot=no
blockpull one vda --wait --verbose
dumpxml one --xpath //disk[1]
blockcopy one vda DIR/copy.qcow2 --print-xml
blockcopy one vda DIR/copy.qcow2 --wait --finish --verbose
blockcopy one vda DIR/copy2.qcow2 --transient-job --wait --pivot
blockcopy one vda --xml @copy --transient-job
until 100 blockjob one vda
blockjob one vda --abort
blockcopy one vda DIR/nodir/copy --transient-job
blockcopy one nosuch DIR/copy3
domblklist one
dumpxml one --xpath //disk[1]
`,
  },
];
