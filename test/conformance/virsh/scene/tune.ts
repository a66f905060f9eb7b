/** CPU, memory, I/O limits. */
import type { Scene } from "../scene.ts";

const both = (guest: string): string =>
  `
setvcpus GUEST 2 --config
setvcpus GUEST 3 --config
setvcpus GUEST 3 --config --maximum
setvcpus GUEST 2 --live
setvcpus GUEST 0
setvcpus GUEST 1 --guest
setvcpus GUEST 1 --hotpluggable --config
setvcpu GUEST 1 --enable
setvcpu GUEST 1 --disable --config
setvcpu GUEST 7 --enable
setvcpu GUEST 0 --disable
vcpucount GUEST
setmem GUEST 32M --config
setmem GUEST 48M --live
setmem GUEST 128M
setmem GUEST 0
setmaxmem GUEST 96M --config
setmaxmem GUEST 96M --live
setmaxmem GUEST 64M --config
dominfo GUEST
vcpupin GUEST
vcpupin GUEST 0
vcpupin GUEST 0 0
vcpupin GUEST 0 0-1 --config
vcpupin GUEST 0 99 --config
vcpupin GUEST 9 0
vcpupin GUEST 0 nosuch
vcpupin GUEST
vcpupin GUEST --config
emulatorpin GUEST
emulatorpin GUEST 0
emulatorpin GUEST 1 --config
emulatorpin GUEST 99
emulatorpin GUEST
iothreadinfo GUEST
iothreadinfo GUEST --config
iothreadadd GUEST 3
iothreadadd GUEST 3
iothreadadd GUEST 4 --config
iothreadadd GUEST 0
iothreadpin GUEST 3 0
iothreadpin GUEST 8 0
iothreadpin GUEST 4 0 --config
iothreadset GUEST 3 --poll-max-ns 5000
iothreadset GUEST 3 --poll-grow 2 --poll-shrink 3
iothreadset GUEST 8 --poll-max-ns 5000
iothreadset GUEST 3
iothreadset GUEST 3 --thread-pool-min 2 --thread-pool-max 4
iothreadset GUEST 3 --poll-max-ns -1
iothreadinfo GUEST
iothreaddel GUEST 3
iothreaddel GUEST 3
iothreaddel GUEST 4 --config
iothreadinfo GUEST --config
memtune GUEST
memtune GUEST --hard-limit 200000
memtune GUEST --soft-limit 100000 --config
memtune GUEST --swap-hard-limit 100 --config
memtune GUEST --min-guarantee 100 --config
memtune GUEST --hard-limit -1
memtune GUEST
memtune GUEST --config
blkiotune GUEST
blkiotune GUEST --weight 300
blkiotune GUEST --weight 300 --config
blkiotune GUEST --device-weights /dev/vda,200 --config
blkiotune GUEST --device-read-iops-sec /dev/null,100 --config
blkiotune GUEST --device-weights nonsense --config
blkiotune GUEST --config
numatune GUEST
numatune GUEST --mode strict --nodeset 0 --config
numatune GUEST --mode preferred --live
numatune GUEST --mode nosuch
numatune GUEST --nodeset 5 --config
numatune GUEST --config
schedinfo GUEST
schedinfo GUEST --set cpu_shares=512
schedinfo GUEST --config vcpu_quota=20000
schedinfo GUEST --config vcpu_period=5
schedinfo GUEST --config nosuch=5
schedinfo GUEST --config
perf GUEST
perf GUEST --enable cpu_cycles
perf GUEST --enable cpu_cycles --config
perf GUEST --enable nosuch
perf GUEST --disable cpu_cycles --config
blkdeviotune GUEST vda
blkdeviotune GUEST vda --total-bytes-sec 1000000
blkdeviotune GUEST vda --read-iops-sec 100 --write-iops-sec 50 --config
blkdeviotune GUEST vda --total-iops-sec 5 --read-iops-sec 5
blkdeviotune GUEST vda --total-bytes-sec-max 5 --total-bytes-sec-max-length 5
blkdeviotune GUEST vda --group-name g --total-iops-sec 100 --config
blkdeviotune GUEST nosuch
blkdeviotune GUEST vda
blkdeviotune GUEST vda --config
domiftune GUEST 52:54:00:00:00:02
domiftune GUEST 52:54:00:00:00:02 --inbound 100,200,300 --config
domiftune GUEST 52:54:00:00:00:02 --inbound nonsense
domiftune GUEST 52:54:00:00:00:02 --outbound 100 --live
domiftune GUEST nosuch
blockresize GUEST vda 32M
blockresize GUEST vda 20M
blockresize GUEST nosuch 32M
~ domblkinfo GUEST vda
set-lifecycle-action GUEST reboot destroy
set-lifecycle-action GUEST poweroff restart --config
dumpxml GUEST
dumpxml GUEST --inactive
`.replaceAll("GUEST", guest);

export const TUNE_SCENES: readonly Scene[] = [
  { title: "tuning of a definition", guests: ["off"], commands: both("off") },
  { title: "tuning of a guest that runs", guests: ["one"], commands: both("one") },
  {
    title: "CPU and memory with the guest's help",
    guests: ["linux"],
    commands: `
setvcpus linux 2 --live
vcpucount linux
setvcpus linux 1 --live
setmem linux 128M --live
~ until 131072 dommemstat linux
setmem linux 160M --live
vcpucount linux
setvcpu linux 1 --enable --live
setvcpu linux 0 --disable --live
`,
  },
];
