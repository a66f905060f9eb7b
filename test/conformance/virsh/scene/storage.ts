/** Pools and volumes. */
import type { Scene } from "../scene.ts";

const POOL_UUID = "11111111-2222-3333-4444-555555555501";

const pool = (name: string, inner = "", target = name): string =>
  `<pool type='dir'><name>${name}</name>${inner}<target><path>DIR/${target}</path></target></pool>`;
const volume = (name: string, format: string, inner = ""): string =>
  `<volume><name>${name}</name><capacity unit='MiB'>2</capacity><target><format type='${format}'/></target>${inner}</volume>`;

export const STORAGE_SCENES: readonly Scene[] = [
  {
    title: "definitions of pools",
    guests: [],
    files: {
      six: pool("six", `<uuid>${POOL_UUID}</uuid>`),
      again: pool("seven", `<uuid>${POOL_UUID}</uuid>`),
      extra: pool("eight", "<nosuch/>"),
      slash: pool("a/b"),
      noTarget: "<pool type='dir'><name>nine</name></pool>",
      noType: "<pool><name>nine</name></pool>",
      notPool: "<network/>",
      notClosed: "<pool",
    },
    commands: `
pool-define-as one dir --target DIR/one
pool-define-as one dir --target DIR/one
pool-define-as two dir --target DIR/one
pool-define-as bad nosuch --target DIR/bad
pool-define-as bad dir
pool-define-as bad fs --target DIR/bad
pool-undefine bad
pool-define-as bad logical --target DIR/bad
pool-undefine bad
pool-define-as bad netfs --source-host h --target DIR/bad
pool-undefine bad
pool-define-as bad iscsi --source-host h --target /dev/disk/by-path
pool-start bad
pool-undefine bad
pool-define-as bad rbd --source-host h
pool-undefine bad
pool-define-as print fs --source-dev /dev/sdz1 --source-format ext4 --target DIR/print --print-xml
pool-define-as print netfs --source-host h --source-path /export --source-format nfs --target DIR/print --print-xml
pool-define-as print netfs --source-host h --source-path /export --source-protocol-ver 4 --target DIR/print --print-xml
pool-define-as print iscsi --source-host h --source-dev iqn.x --source-initiator iqn.y --target /dev --auth-type chap --auth-username u --secret-usage s --print-xml
pool-define-as print iscsi-direct --source-host h --source-dev iqn.x --source-initiator iqn.y --print-xml
pool-define-as print logical --source-dev /dev/sdz --source-name vg --target /dev/vg --print-xml
pool-define-as print disk --source-dev /dev/sdz --source-format gpt --target /dev --print-xml
pool-define-as print scsi --adapter-name host5 --target /dev --print-xml
pool-define-as print scsi --adapter-wwnn 2000000012341234 --adapter-wwpn 1000000012341234 --adapter-parent host3 --target /dev --print-xml
pool-define-as print rbd --source-host h --source-name rbd --auth-type ceph --auth-username u --secret-uuid ${POOL_UUID} --print-xml
pool-define-as print gluster --source-host h --source-name v --source-path / --print-xml
pool-define-as print zfs --source-name tank --target /dev/zvol/tank --print-xml
pool-define-as print vstorage --source-name c --target DIR/v --print-xml
pool-define @six
pool-define @six --validate
pool-define @again
pool-define @extra
pool-define @extra --validate
pool-define @slash
pool-define @noTarget
pool-define @noType
pool-define @notPool
pool-define @notClosed
pool-define @nosuch
pool-create @notPool
pool-create @notClosed
pool-dumpxml one
pool-dumpxml one --inactive
pool-dumpxml six --xpath //target/path
pool-dumpxml six --xpath //target/path --wrap
pool-dumpxml nosuch
pool-uuid six
pool-uuid nosuch
pool-name ${POOL_UUID}
pool-name nosuch
pool-list
pool-list --all
pool-list --all --details
pool-list --all --name
pool-list --all --uuid --name
pool-list --inactive
pool-list --autostart
pool-list --all --no-autostart
pool-list --all --persistent
pool-list --all --transient
pool-list --all --type dir
pool-list --all --type fs,dir
pool-list --all --type nosuch
pool-info one
pool-info nosuch
pool-autostart one
pool-info one
pool-list --all --autostart
pool-autostart one --disable
pool-autostart nosuch
EDITOR='sed -i s/DIR.one/DIR.moved/' pool-edit one
EDITOR='sed -i s/.pool>/x/' pool-edit one
pool-edit one
pool-edit nosuch
pool-delete one
pool-delete nosuch
pool-undefine six
pool-undefine six
pool-capabilities
find-storage-pool-sources dir
find-storage-pool-sources nosuch
find-storage-pool-sources-as dir
find-storage-pool-sources-as nosuch
find-storage-pool-sources-as fs
find-storage-pool-sources-as netfs
find-storage-pool-sources-as iscsi
find-storage-pool-sources-as netfs --host 127.0.0.1 --port 1 --initiator iqn.x
`,
  },
  {
    title: "life of pools",
    guests: [],
    files: { here: pool("here"), gone: pool("gone") },
    commands: `
pool-define @here
pool-start here
pool-refresh here
pool-destroy here
pool-build here
pool-build here
pool-build here --no-overwrite
pool-build here --overwrite
pool-build here --overwrite --no-overwrite
pool-build nosuch
pool-start here
pool-start here
pool-start nosuch
pool-start here --build
~ pool-info here
~ pool-info here --bytes
~ pool-dumpxml here
~ pool-dumpxml here --inactive
~ pool-list --details
pool-list --all --name --persistent
pool-build here
pool-delete here
pool-undefine here
pool-list --all
pool-destroy here
pool-create @gone
pool-create @gone --build
pool-create @gone --build
pool-create-as third dir --target DIR/third
pool-create-as third dir --target DIR/third --build
pool-create-as third dir --target DIR/third --build --overwrite --no-overwrite
pool-create-as fourth dir --target DIR/third
pool-create-as nofs fs --source-dev DIR/other.iso --source-format ext4 --target DIR/nofs --build
pool-create-as novg logical --source-name nosuch --target /dev/nosuch
pool-create-as nodisk disk --source-dev /dev/nosuch --target /dev
pool-create-as nohost scsi --adapter-name host77 --target /dev
pool-autostart gone
pool-undefine gone
pool-refresh gone
pool-refresh nosuch
vol-create-as gone v 1M
vol-list gone
vol-list gone --details
pool-delete gone
pool-destroy gone
pool-destroy gone
pool-list --all
pool-define @gone
pool-delete gone
pool-event --list
pool-event
pool-event --event nosuch
pool-event --event lifecycle --pool nosuch
pool-event --event lifecycle --loop << pool-create-as e dir --target DIR/e --build ; pool-refresh e ; pool-destroy e
pool-event --event refresh --loop << pool-create-as e dir --target DIR/e ; pool-refresh e ; pool-destroy e
pool-event gone --event lifecycle --loop << pool-build gone ; pool-start gone ; pool-destroy gone ; pool-delete gone ; pool-undefine gone
pool-event --event lifecycle --timeout 1
`,
  },
  {
    title: "volumes",
    guests: [],
    files: {
      raw: volume("raw2.img", "raw"),
      qcow: volume(
        "q.qcow2",
        "qcow2",
        "<backingStore><path>DIR/v/raw.img</path><format type='raw'/></backingStore>",
      ),
      from: volume("from.qcow2", "qcow2"),
      dir: "<volume><name>d</name><capacity>0</capacity><target><format type='dir'/></target></volume>",
      noName: "<volume><capacity>1</capacity></volume>",
      slash: volume("a/b", "raw"),
      noFormat: volume("n", "nosuch"),
      notVolume: "<pool/>",
      extra: volume("x", "raw", "<nosuch/>"),
    },
    commands: `
pool-create-as v dir --target DIR/v --build
vol-create-as v raw.img 1M
vol-create-as v raw.img 1M
vol-create-as v raw.img nonsense
vol-create-as nosuch raw.img 1M
vol-create-as v bad 1M --format nosuch
vol-create-as v q1.qcow2 1M --format qcow2
vol-create-as v q2.qcow2 1M --format qcow2 --backing-vol q1.qcow2
vol-create-as v q3.qcow2 1M --format qcow2 --backing-vol q1.qcow2 --backing-vol-format qcow2
vol-create-as v q3.qcow2 1M --format qcow2 --backing-vol nosuch
vol-create-as v q4.qcow2 1M --format qcow2 --prealloc-metadata
vol-create-as v sparse.img 4M --allocation 0
vol-create-as v half.img 4M --allocation 1M
vol-create-as v print.img 4M --allocation 1M --format qcow2 --backing-vol q1.qcow2 --backing-vol-format qcow2 --print-xml
vol-create-as v old.vmdk 1M --format vmdk
vol-create-as v old.vdi 1M --format vdi
vol-create-as v d --format dir 0
vol-create v @raw
vol-create v @raw
vol-create v @qcow
vol-create v @qcow --prealloc-metadata
vol-create v @dir
vol-create v @noName
vol-create v @slash
vol-create v @noFormat
vol-create v @notVolume
vol-create v @extra
vol-create v @extra --validate
vol-create v @nosuch
vol-create-from v @from raw.img
vol-create-from v @from raw.img
vol-create-from v @from nosuch
vol-create-from v @from raw.img --inputpool nosuch
vol-create-from v @extra raw.img --inputpool v --validate
vol-clone raw.img copy.img --pool v
vol-clone raw.img copy.img --pool v
vol-clone raw.img copy2.img
vol-clone DIR/v/raw.img copy3.img
vol-clone raw.img a/b --pool v
vol-clone q2.qcow2 qcopy.qcow2 --pool v --prealloc-metadata
vol-clone q2.qcow2 qcopy.qcow2 --pool v
vol-clone nosuch copy.img --pool v
vol-clone raw.img print.img --pool v --print-xml
vol-list v
vol-list v --details
vol-list nosuch
vol-info raw.img --pool v
vol-info raw.img --pool v --bytes
vol-info raw.img --pool v --physical
vol-info q1.qcow2 v --bytes --physical
vol-info DIR/v/raw.img
vol-info raw.img
vol-info nosuch --pool v
vol-info raw.img --pool nosuch
vol-key raw.img --pool v
vol-name DIR/v/raw.img
vol-name DIR/v/nosuch
vol-path raw.img --pool v
vol-path nosuch --pool v
vol-pool DIR/v/raw.img
vol-pool DIR/v/raw.img --uuid
vol-pool nosuch
pool-refresh v
~ vol-dumpxml raw.img --pool v
~ vol-dumpxml q2.qcow2 --pool v
~ vol-dumpxml d --pool v
vol-dumpxml nosuch --pool v
vol-resize raw.img 2M --pool v
vol-resize raw.img 1M --pool v
vol-resize raw.img 1M --pool v --shrink
vol-resize raw.img 1M --pool v --delta
vol-resize raw.img -1M --pool v --delta --shrink
vol-resize raw.img -1M --pool v --delta
vol-resize raw.img 3M --pool v --allocate
vol-resize q1.qcow2 3M --pool v
vol-resize q1.qcow2 1M --pool v --shrink
vol-resize raw.img nonsense --pool v
vol-resize nosuch 1M --pool v
vol-wipe raw.img --pool v
vol-wipe raw.img --pool v --algorithm zero
vol-wipe raw.img --pool v --algorithm nosuch
vol-wipe raw.img --pool v --algorithm trim
vol-wipe d --pool v
vol-wipe nosuch --pool v
vol-upload raw.img DIR/medium.iso --pool v
vol-upload raw.img DIR/medium.iso --pool v --offset 4096 --length 8192
vol-upload raw.img DIR/medium.iso --pool v --offset 3M
vol-upload raw.img DIR/medium.iso --pool v --sparse
vol-upload raw.img DIR/nosuch --pool v
vol-upload nosuch DIR/medium.iso --pool v
vol-download raw.img DIR/got --pool v
vol-download raw.img DIR/got --pool v --offset 4096 --length 10
vol-download raw.img DIR/got --pool v --sparse
vol-download raw.img DIR/nosuch/got --pool v
vol-download nosuch DIR/got --pool v
vol-info raw.img --pool v
vol-delete q1.qcow2 --pool v
vol-delete copy.img --pool v
vol-delete copy.img --pool v
vol-delete d --pool v
vol-delete DIR/v/sparse.img
vol-delete raw.img --pool v --delete-snapshots
vol-delete nosuch
pool-refresh v
vol-list v
pool-destroy v
vol-list v
vol-create-as v late.img 1M
`,
  },
];
