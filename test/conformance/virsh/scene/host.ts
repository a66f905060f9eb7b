/** Host and Hypervisor, and what needs no domain. */
import type { Scene } from "../scene.ts";

const ARGV = `/usr/bin/qemu-system-x86_64 -m 16`;

export const HOST_SCENES: readonly Scene[] = [
  {
    title: "host",
    guests: [],
    files: {
      cpu: `<cpu><arch>x86_64</arch><model>qemu64</model></cpu>`,
      modern: `<cpu mode='custom' match='exact'><model>Skylake-Client</model><feature policy='require' name='vmx'/></cpu>`,
      badCpu: `<cpu><model>nosuch</model></cpu>`,
      notCpu: `<nosuch/>`,
      argv: ARGV,
    },
    commands: `
allocpages 5 1
allocpages 4K 1
allocpages 2M 0 --add
allocpages 2M 0 --cellno 77
capabilities
cpu-baseline @cpu
cpu-baseline @cpu --features
cpu-baseline @cpu --migratable
cpu-baseline @badCpu
cpu-baseline @notCpu
cpu-compare @cpu
cpu-compare @modern
cpu-compare @badCpu
cpu-compare @notCpu
cpu-compare @cpu --error
cpu-compare @cpu --validate
cpu-models x86_64
cpu-models aarch64
cpu-models nosuch
domcapabilities --virttype qemu
domcapabilities --virttype qemu --machine q35
domcapabilities --virttype qemu --machine nosuch
domcapabilities --virttype nosuch
domcapabilities --arch aarch64
domcapabilities --arch nosuch
domcapabilities --emulatorbin /nosuch
domcapabilities --emulatorbin /usr/bin/qemu-system-x86_64 --virttype qemu --machine pc
~ freecell
~ freecell 0
~ freecell --all
freecell 77
~ freepages
~ freepages 0 4K
~ freepages --all
freepages 0 5
freepages 77 4K
hostname
hypervisor-cpu-baseline @cpu --virttype qemu
hypervisor-cpu-baseline @cpu --virttype qemu --features
hypervisor-cpu-baseline @modern --virttype qemu --migratable
hypervisor-cpu-baseline @badCpu --virttype qemu
hypervisor-cpu-baseline @cpu --arch nosuch
hypervisor-cpu-compare @cpu --virttype qemu
hypervisor-cpu-compare @modern --virttype qemu
hypervisor-cpu-compare @badCpu --virttype qemu
hypervisor-cpu-compare @cpu --virttype nosuch
hypervisor-cpu-compare @cpu --machine nosuch --virttype qemu
maxvcpus
maxvcpus qemu
maxvcpus kvm
maxvcpus nosuch
~ node-memory-tune
node-memory-tune --shm-merge-across-nodes 7
nodecpumap
nodecpumap --pretty
~ nodecpustats
~ nodecpustats 0
nodecpustats 99
~ nodecpustats --percent
nodeinfo
~ nodememstats
~ nodememstats 0
nodememstats 77
nodesevinfo
nodesuspend mem 1
nodesuspend nosuch 60
sysinfo
uri
version
version --daemon
domxml-from-native qemu-argv @argv
domxml-from-native nosuch @argv
domxml-to-native nosuch --xml @argv
domxml-to-native qemu-argv --xml @argv
list
event --list
`,
  },
  {
    title: "native",
    guests: ["off"],
    commands: `
domxml-to-native qemu-argv off
domxml-to-native qemu-argv --xml DIR/off.guest
domxml-to-native nosuch off
`,
  },
  {
    title: "power",
    guests: ["linux"],
    commands: `
~ domstats linux
~ domifstat linux nosuch
~ dommemstat linux
domiflist linux
shutdown linux --mode acpi
until 'shut off' domstate linux
domstate linux --reason
managedsave-remove linux
`,
  },
];
