/** Options of commands whose plain forms are asked elsewhere. */
import type { Scene } from "../scene.ts";

const DISK = `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='DIR/other.iso'/><target dev='vdb' bus='virtio'/></disk>`;

const FILES = {
  disk: DISK,
  medium: `<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='DIR/other.iso'/><target dev='hdc' bus='ide'/><readonly/></disk>`,
  nic: `<interface type='user'><mac address='52:54:00:00:00:44'/><model type='virtio'/></interface>`,
};

/** On a definition and on a guest that runs. */
const devices = (guest: string): string =>
  `
attach-device GUEST @disk --current
domblklist GUEST
domblklist GUEST --inactive
detach-device GUEST @disk --current
attach-device GUEST @disk --persistent
detach-device GUEST @disk --live
detach-device GUEST @disk --config
attach-disk GUEST DIR/other.iso vdb --persistent --print-xml
attach-disk GUEST DIR/more.iso vdb --current --wwn 5000c50015ea71ad
attach-disk GUEST DIR/more.iso vde --current --alias ua-more --multifunction --address pci:0.0.1e.0
attach-disk GUEST DIR/other.iso sdb --targetbus scsi --rawio --config
attach-disk GUEST DIR/other.iso vdc --type lun --sourcetype block --config --print-xml
attach-disk GUEST pool/volume vdc --source-protocol rbd --source-host-name mon1:6789,mon2 --source-host-transport tcp --config --print-xml
attach-disk GUEST export vdc --source-protocol nbd --source-host-transport unix --source-host-socket DIR/nbd.sock --config --print-xml
attach-disk GUEST DIR/other.iso vdc --sourcetype nosuch --config
attach-disk GUEST DIR/other.iso vdc --cache nosuch --config
attach-disk GUEST DIR/other.iso vdc --address nonsense --config
attach-disk GUEST DIR/other.iso fda --type floppy --config
attach-disk GUEST DIR/nosuch.iso vdd --config
domblklist GUEST --inactive
detach-disk GUEST vdb --config --current
detach-disk GUEST vda --config --print-xml
detach-disk GUEST sdb --config
detach-disk GUEST fda --config
attach-interface GUEST user none --current --mac 52:54:00:00:00:57 --alias ua-nic --print-xml
attach-interface GUEST bridge br-none --script /bin/true --target tap9 --source-mode vepa --print-xml --config
attach-interface GUEST hostdev 0000:00:1f.6 --managed --print-xml
attach-interface GUEST hostdev nonsense --managed --print-xml
attach-interface GUEST direct eth0 --source-mode bridge --print-xml --live
attach-interface GUEST user none --inbound 1,2,3,4 --print-xml
attach-interface GUEST user none --mac nonsense --config
attach-interface GUEST user none --config --mac 52:54:00:00:00:57 --alias nonsense --model nosuch
attach-interface GUEST user none --config --mac 52:54:00:00:00:58
domiflist GUEST --inactive
detach-interface GUEST user --config --mac 52:54:00:00:00:58 --print-xml
detach-interface GUEST user --config
detach-interface GUEST user --config --mac 52:54:00:00:00:58
detach-interface GUEST user --persistent --mac 52:54:00:00:00:58
domiflist GUEST
update-device GUEST @medium --current
update-device GUEST @medium --persistent
update-device GUEST @medium --force
change-media GUEST hdc DIR/medium.iso --current
change-media GUEST hdc DIR/medium.iso --block --print-xml --update
change-media GUEST hdc --source DIR/other.iso --update
domif-setlink GUEST 52:54:00:00:00:02 down --print-xml
domif-setlink GUEST 52:54:00:00:00:02 up --config --print-xml
detach-device-alias GUEST nosuch --live
detach-device-alias GUEST nosuch --current
update-memory-device GUEST --alias nosuch --requested-size 16M
update-memory-device GUEST --alias nosuch --requested-size 16M --config --print-xml
update-memory-device GUEST --node 0 --requested-size 16M --current
dumpxml GUEST --xpath //disk --wrap
dumpxml GUEST --inactive
`.replaceAll("GUEST", guest);

const tuning = (guest: string): string =>
  `
blkdeviotune GUEST vda --read-bytes-sec 1M --write-bytes-sec 2M --current
blkdeviotune GUEST vda --read-bytes-sec-max 3M --write-bytes-sec-max 4M --config
blkdeviotune GUEST vda --read-bytes-sec-max-length 5 --write-bytes-sec-max-length 6 --config
blkdeviotune GUEST vda --read-iops-sec 10 --write-iops-sec 20 --read-iops-sec-max 30 --write-iops-sec-max 40 --size-iops-sec 4096 --config
blkdeviotune GUEST vda --read-iops-sec-max-length 2 --write-iops-sec-max-length 3 --config
blkdeviotune GUEST vda --total-iops-sec-max 50 --total-iops-sec-max-length 2 --current
blkdeviotune GUEST vda --total-bytes-sec -1
blkdeviotune GUEST vda --config
blkdeviotune GUEST vda --current
blkdeviotune GUEST vda --live
blkdeviotune GUEST vda --live --config
blkdeviotune GUEST vda --read-bytes-sec 0 --write-bytes-sec 0 --live
blkdeviotune GUEST vda --current
blkiotune GUEST --device-read-bytes-sec /dev/null,1000 --config
blkiotune GUEST --device-write-bytes-sec /dev/null,1000 --device-write-iops-sec /dev/null,5 --config
blkiotune GUEST --device-read-iops-sec /dev/null,0 --config
blkiotune GUEST --device-read-bytes-sec /dev/null,0,/dev/zero,5 --config
blkiotune GUEST --weight 5 --config
blkiotune GUEST --weight 20000 --config
blkiotune GUEST --current
blkiotune GUEST --live --config
dumpxml GUEST --inactive --xpath //blkiotune
iothreadinfo GUEST --current
iothreadinfo GUEST --live
iothreadadd GUEST 2 --current
iothreadadd GUEST 7 --live
iothreadpin GUEST 1 0 --current
iothreadpin GUEST 1 0 --live
iothreadpin GUEST 1 0,^0 --current
iothreadset GUEST 1 --poll-max-ns 5000 --current
iothreadset GUEST 1 --poll-max-ns 5000 --live
iothreadset GUEST 1 --thread-pool-max 8 --config
iothreadset GUEST 1 --thread-pool-min 9 --config
iothreadset GUEST 1 --thread-pool-max -1 --current
iothreadset GUEST 1 --poll-max-ns 5000 --config
iothreaddel GUEST 2 --current
iothreaddel GUEST 7 --live
memtune GUEST --hard-limit 200000 --current
memtune GUEST --hard-limit 200000 --live
memtune GUEST --swap-hard-limit 300000 --hard-limit 200000 --config
memtune GUEST --soft-limit 999999999999999999 --config
memtune GUEST --current
memtune GUEST --live
perf GUEST --current
perf GUEST --live
perf GUEST --enable cpu_cycles,instructions --disable cache_misses --config
perf GUEST --config
numatune GUEST --mode preferred --nodeset 0 --config
numatune GUEST --mode interleave --nodeset 0 --current
numatune GUEST --mode restrictive --nodeset 0 --config
numatune GUEST --current
numatune GUEST --live
numatune GUEST --mode strict --nodeset nosuch --config
schedinfo GUEST --weight 3
schedinfo GUEST --cap 3
schedinfo GUEST --current
schedinfo GUEST --live
schedinfo GUEST --set cpu_shares=nosuch --config
schedinfo GUEST --config --set cpu_shares=1 global_period=2000
schedinfo GUEST --config emulator_period=100000 emulator_quota=20000 iothread_period=100000 iothread_quota=-1
schedinfo GUEST --config vcpu_quota=1 vcpu_quota=99999999999999999999
dumpxml GUEST --inactive --xpath //cputune
setmaxmem GUEST 64M --current
setmaxmem GUEST 1T --config
setmaxmem GUEST nonsense
setmem GUEST 48M --current
setmem GUEST 48 MiB --config
setmem GUEST 99999999999999999999
setvcpus GUEST 1 --current
setvcpus GUEST 1 --current --maximum
setvcpus GUEST 1 --guest --config
setvcpus GUEST 2 --config --maximum --live
setvcpus GUEST nonsense
vcpucount GUEST --current
vcpucount GUEST --current --active
vcpucount GUEST --maximum --config
vcpucount GUEST --live --active
vcpucount GUEST --live --config
vcpupin GUEST --vcpu 0 --cpulist 0-1,^1 --current
vcpupin GUEST 0 0 --live
vcpupin GUEST 1 --config
vcpupin GUEST 0 0-99 --config
vcpupin GUEST 0 0,,1 --config
vcpupin GUEST --vcpu 99
vcpupin GUEST --current
emulatorpin GUEST --cpulist 0 --current
emulatorpin GUEST 0-1 --live
emulatorpin GUEST --config
emulatorpin GUEST r --config
guestvcpus GUEST --cpulist 0-1 --enable
guestvcpus GUEST --enable
setvcpu GUEST 1 --enable --current
setvcpu GUEST 1 --enable --disable
setvcpu GUEST 1
setvcpu GUEST nonsense --enable
setvcpu GUEST 1 --disable --live
set-lifecycle-action GUEST crash preserve --current
set-lifecycle-action GUEST nosuch preserve
domiftune GUEST 52:54:00:00:00:02 --current
domiftune GUEST 52:54:00:00:00:02 --inbound 100,,300 --outbound 100,200 --config
domiftune GUEST 52:54:00:00:00:02 --inbound 0 --config
domiftune GUEST 52:54:00:00:00:02 --config
domiftune GUEST 52:54:00:00:00:02 --inbound 1,2,3,4 --config
domiftune GUEST 52:54:00:00:00:02 --inbound 1,2,3,4,5 --config
dumpxml GUEST --inactive
`.replaceAll("GUEST", guest);

const about = (guest: string): string =>
  `
desc GUEST --new-desc Live --live
desc GUEST --new-desc Now --current
desc GUEST --new-desc Both --live --config
desc GUEST --config
desc GUEST --live
desc GUEST --title --new-desc 'A title' --current
desc GUEST --title --current
desc GUEST --title --new-desc '' --config
EDITOR='sed -i 1s/^/More-/' desc GUEST --edit --config
EDITOR='sed -i 1s/^/More-/' desc GUEST --edit --title --current
desc GUEST --current
metadata GUEST urn:a --key k --set '<b c="d"/>' --live
metadata GUEST urn:a --key k --set '<b c="e"/>' --config
metadata GUEST urn:a --key k --set '<b c="f"><g/>text</b>' --current
metadata GUEST urn:a --live
metadata GUEST urn:a --config
metadata GUEST urn:a --set <b/>
EDITOR='sed -i s/e/h/' metadata GUEST urn:a --key k --edit --config
EDITOR='sed -i s/nosuch/h/' metadata GUEST urn:a --key k --edit --config
metadata GUEST urn:a --remove --config
metadata GUEST urn:a --remove --current
metadata GUEST urn:a --remove --edit
metadata GUEST urn:z --remove
dumpxml GUEST --wrap
dumpxml GUEST --inactive --wrap --xpath //metadata
dumpxml GUEST --xpath nonsense[
EDITOR='sed -i /on_crash/s,destroy,restart,' edit GUEST --skip-validate
EDITOR='sed -i s,<devices>,<nosuch/><devices>,' edit GUEST --skip-validate
domxml-to-native qemu-argv --domain GUEST --xml DIR/off.guest
autostart --domain GUEST --disable
domdisplay GUEST --include-password
domblkinfo GUEST --device vda
domblkinfo GUEST --device vda --all
domblkinfo GUEST --all --human
~ domblkstat GUEST --device vda
domblkstat GUEST --human nosuch
dommemstat GUEST --period 3 --current
dommemstat GUEST --period -1 --current
dommemstat GUEST --period 0 --config
domifaddr GUEST --interface nosuch --full
domifaddr GUEST --full --source arp
domtime GUEST --pretty
domtime GUEST --time 5
domtime GUEST --sync
domtime GUEST --sync --time 5
guestinfo GUEST --user --timezone --hostname --filesystem --disk --interface
domfsfreeze GUEST --mountpoint / /boot
domfsthaw GUEST --mountpoint /
domfstrim GUEST --minimum 4096 --mountpoint /
qemu-agent-command GUEST --async --pretty {"execute":"guest-ping"}
qemu-agent-command GUEST --block {"execute":"guest-ping"}
qemu-agent-command GUEST --timeout 0 {"execute":"guest-ping"}
set-user-password GUEST root --encrypted hash
set-user-sshkeys GUEST root --file DIR/medium.iso --remove
console GUEST --devname nosuch --force
console GUEST --devname nosuch --safe
domjobinfo GUEST --keep-completed --completed
domsetlaunchsecstate GUEST --secrethdr DIR/medium.iso --secret DIR/medium.iso --set-address 1
destroy GUEST --remove-logs
`.replaceAll("GUEST", guest);

export const OPTION_SCENES: readonly Scene[] = [
  { title: "options: devices, off", guests: ["off"], files: FILES, commands: devices("off") },
  { title: "options: devices, running", guests: ["one"], files: FILES, commands: devices("one") },
  { title: "options: tuning, off", guests: ["off"], commands: tuning("off") },
  { title: "options: tuning, running", guests: ["one"], commands: tuning("one") },
  { title: "options: words, off", guests: ["off"], commands: about("off") },
  { title: "options: words, running", guests: ["one"], commands: about("one") },
];
