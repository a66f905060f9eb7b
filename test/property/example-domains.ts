/** Definitions of our own for tests that can do without the corpus. */
import type { ResolveFacts } from "@vireo/model/domain/resolve/facts";

export const EXAMPLE_FACTS: ResolveFacts = {
  hostArch: "x86_64",
  arch: "x86_64",
  emulator: "/usr/bin/qemu-system-x86_64",
  kvm: false,
  machines: [
    { name: "pc-i440fx-7.2", alias: "pc", isDefault: true, defaultCpu: "qemu64-x86_64-cpu" },
    { name: "pc-q35-7.2", alias: "q35", defaultCpu: "qemu64-x86_64-cpu" },
  ],
  capabilities: new Set(["piix3-usb-uhci", "VGA", "virtio-scsi-pci", "qemu-xhci"]),
  settings: {
    vncListen: "127.0.0.1",
    spiceListen: "127.0.0.1",
    nvramDir: "/var/lib/nvram",
    channelTargetDir: "/var/lib/channel",
  },
  newUuid: () => "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
  newMac: () => "52:54:00:00:00:01",
};

const SERVER = `<domain type='qemu'>
  <name>server</name>
  <memory unit='MiB'>512</memory>
  <vcpu placement='static' current='1'>2</vcpu>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <boot dev='hd'/>
  </os>
  <features><acpi/><apic/></features>
  <cpu mode='custom'><model>qemu64</model><topology sockets='2' cores='1' threads='1'/></cpu>
  <clock offset='utc'><timer name='rtc' tickpolicy='catchup'/></clock>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='none'/>
      <source file='/images/server.qcow2'/>
      <backingStore type='file'><format type='raw'/><source file='/images/base.raw'/></backingStore>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='network' device='disk'>
      <source protocol='nbd' name='export'><host name='storage.example' port='10809'/></source>
      <target dev='sda' bus='scsi'/>
    </disk>
    <interface type='bridge'>
      <mac address='52:54:00:12:34:56'/>
      <source bridge='br0'/>
      <model type='virtio'/>
    </interface>
    <serial type='pty'><target port='0'/></serial>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <graphics type='vnc' port='-1' autoport='yes'/>
    <video><model type='virtio'/></video>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
  </devices>
</domain>
`;

const DESKTOP = `<domain type='qemu'>
  <name>desktop</name>
  <metadata><app:note xmlns:app='http://app.example/1'>mine</app:note></metadata>
  <maxMemory slots='4' unit='GiB'>8</maxMemory>
  <memory unit='GiB'>2</memory>
  <vcpu>4</vcpu>
  <iothreads>2</iothreads>
  <os><type machine='q35'>hvm</type><bootmenu enable='yes' timeout='3000'/></os>
  <cpu mode='custom'>
    <model>qemu64</model>
    <numa><cell id='0' cpus='0-3' memory='2' unit='GiB'/></numa>
  </cpu>
  <devices>
    <controller type='usb' model='qemu-xhci' ports='8'/>
    <disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>
    <interface type='user'><model type='e1000e'/></interface>
    <input type='tablet' bus='usb'/>
    <graphics type='spice' autoport='yes'><listen type='address' address='127.0.0.1'/></graphics>
    <sound model='ich9'/>
    <watchdog model='i6300esb' action='reset'/>
  </devices>
</domain>
`;

export const EXAMPLES: readonly string[] = [SERVER, DESKTOP];
