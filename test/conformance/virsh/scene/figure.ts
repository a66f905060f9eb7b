/** What is told of guests: statistics, jobs, screens, events. */
import type { Scene } from "../scene.ts";

export const FIGURE_SCENES: readonly Scene[] = [
  {
    title: "figures of a guest that runs",
    guests: ["one", "off"],
    commands: `
~ domstats one
~ domstats one --state
~ domstats one --cpu-total
~ domstats one --balloon
~ domstats one --vcpu
~ domstats one --interface
~ domstats one --block
~ domstats one --block --backing
~ domstats one --perf
~ domstats one --iothread
~ domstats one --memory
~ domstats one --dirtyrate
~ domstats one --vm
~ domstats one --state --raw
~ domstats one --nowait
~ domstats one --enforce
~ domstats off
~ domstats --list-inactive --state
~ domstats --list-paused --state
~ domstats --list-transient --state
~ domstats nosuch one
dominfo one
domcontrol one
domstate one --reason
domblkerror one
~ domblkinfo one vda
domblkinfo one vda --human
domblkinfo one --all
domblkinfo one nosuch
domblkinfo off vda
domblkinfo off --all
~ domblkstat one vda
~ domblkstat one
~ domblkstat one vda --human
domblkstat one nosuch
domifstat one nosuch
domifstat one ua-net
~ dommemstat one
dommemstat one --period 5
dommemstat one --period 5 --config
dommemstat off --period 5 --live
dumpxml one --xpath //memballoon
~ cpu-stats one
~ cpu-stats one --total
~ cpu-stats one --start 1 --count 1
cpu-stats one --start 9999
~ vcpuinfo one
~ vcpuinfo one --pretty
vcpuinfo off
vcpucount one
vcpucount off
vcpucount one --maximum --live
vcpucount one --active --config
vcpucount one --guest
domtime one
domtime one --now
domhostname one
domhostname one --source lease
domifaddr one
domifaddr one --source lease
domifaddr one --source arp
domifaddr one --source agent
domifaddr one --source nosuch
domfsinfo one
domfsfreeze one
domfsthaw one
domfstrim one
guestinfo one
guestinfo one --os
guestvcpus one
guestvcpus one --cpulist 0 --disable
set-user-password one root pw
get-user-sshkeys one root
set-user-sshkeys one root --reset
qemu-agent-command one {"execute":"guest-ping"}
qemu-agent-command one {"execute":"guest-ping"} --timeout 1
guest-agent-timeout one 5
guest-agent-timeout one --timeout -2
guest-agent-timeout one --timeout -3
domjobinfo one
domjobinfo one --completed
domjobinfo one --anystats
domjobinfo one --rawstats
domjobabort one
domjobabort one --postcopy
domlaunchsecinfo one
domsetlaunchsecstate one
domdirtyrate-calc one --seconds 1
domdirtyrate-calc one --seconds 61
domdirtyrate-calc one --seconds 1 --mode dirty-bitmap
until 'dirtyrate.calc_status=2' domstats one --dirtyrate
dompmsuspend one mem
dompmsuspend one disk
dompmsuspend one nosuch
dompmsuspend one mem --duration 5
dompmwakeup one
screenshot one DIR/shot.ppm
screenshot one DIR/shot.ppm --screen 5
send-key one KEY_LEFTCTRL KEY_C
send-key one --codeset linux 29 46
send-key one --codeset xt 29
send-key one --codeset nosuch 29
send-key one KEY_NOSUCH
send-key one --holdtime 10 KEY_A
inject-nmi one
send-process-signal one 1 kill
send-process-signal one 1 nosuch
lxc-enter-namespace one /bin/true
~ qemu-monitor-command one --hmp 'info status'
~ qemu-monitor-command one '{"execute":"query-status"}'
~ qemu-monitor-command one '{"execute":"query-status"}' --pretty
~ qemu-monitor-command one '{"execute":"query-status"}' --return-value
qemu-monitor-command one '{"execute":"nosuch"}'
qemu-monitor-command one '{"execute":"nosuch"}' --return-value
qemu-monitor-command one 'nojson'
qemu-monitor-command one --hmp nosuch
qemu-monitor-command one query-name
qemu-attach 1
dominfo one
dumpxml one --xpath /domain/@id
domblkthreshold one vda 4096
domblkthreshold one nosuch 4096
domblkthreshold one vda 0
dump one DIR/core --memory-only
dump one DIR/core2 --memory-only --format kdump-zlib
dump one DIR/core3 --memory-only --format nosuch
dump one DIR/core4 --memory-only --live
dump one DIR/core5 --crash --live
dump one DIR/nodir/core --memory-only
domstate one --reason
dump one DIR/core6 --memory-only --reset
dump one DIR/core7 --memory-only --crash
domstate one --reason
`,
  },
  {
    title: "events",
    guests: ["one"],
    commands: `
event --list
event one
event one nosuch
event one --event lifecycle --timeout 1
event one --event lifecycle << suspend one
event one --event lifecycle --loop << resume one ; suspend one ; resume one
event one --event reboot << reset one
event --event lifecycle --loop << destroy one ; start one
event --all --loop << setmem one 32M ; change-media one hdc --eject ; metadata one urn:b --set <c/>
event one --all --loop << desc one --config --new-desc W ; autostart one ; change-media one hdc DIR/medium.iso
event one --event metadata-change --timestamp << desc one --title --new-desc X
~ event --event job-completed << save one DIR/saved
event --event lifecycle --loop << restore DIR/saved ; undefine one
qemu-monitor-event one << suspend one
qemu-monitor-event one --event STOP --timeout 1
qemu-monitor-event one --event RESUME << resume one
qemu-monitor-event --event 'S.*' --regex --loop << suspend one
qemu-monitor-event one --event stop --no-case --pretty << resume one ; suspend one
`,
  },
  {
    title: "events of moments",
    guests: ["one"],
    commands: `
event --event lifecycle --loop << save one DIR/saved ; restore DIR/saved --paused ; resume one
event --event lifecycle --loop << managedsave one ; start one
event --event lifecycle --loop << managedsave one ; start one --paused
event --event lifecycle --loop << destroy one ; start one --paused
change-media one hdc --eject
event --event lifecycle --loop << resume one ; snapshot-create-as one s1 ; snapshot-revert one s1
event --event lifecycle --loop << destroy one ; snapshot-revert one s1
event --event lifecycle --loop << destroy one ; snapshot-revert one s1 --paused
event --event lifecycle --loop << snapshot-create-as one s2 --halt
event --event lifecycle --loop << start one ; dump one DIR/core --memory-only
event --event lifecycle --loop << dump one DIR/core2 --memory-only --crash
event --event lifecycle --timeout 1 --timestamp one
`,
  },
];
