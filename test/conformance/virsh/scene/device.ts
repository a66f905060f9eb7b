/** Devices: attach, detach, update, media. */
import type { Scene } from "../scene.ts";

const disk = (file: string, target: string, bus = "virtio"): string =>
  `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='DIR/${file}.iso'/><target dev='${target}' bus='${bus}'/></disk>`;

const FILES = {
  disk: disk("other", "vdb"),
  taken: disk("other", "vda"),
  lost: disk("nosuch", "vdc"),
  nic: `<interface type='user'><mac address='52:54:00:00:00:44'/><model type='virtio'/></interface>`,
  nicOff: `<interface type='user'><mac address='52:54:00:00:00:44'/><model type='virtio'/><link state='down'/></interface>`,
  rng: `<rng model='virtio'><backend model='random'>/dev/urandom</backend><alias name='ua-rng'/></rng>`,
  usb: `<input type='tablet' bus='usb'/>`,
  notDevice: `<nosuch/>`,
  notClosed: `<disk`,
  memory: `<memory model='dimm'><target><size unit='MiB'>64</size><node>0</node></target></memory>`,
  medium: `<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='DIR/other.iso'/><target dev='hdc' bus='ide'/><readonly/></disk>`,
};

export const DEVICE_SCENES: readonly Scene[] = [
  {
    title: "devices in the definition",
    guests: ["off"],
    files: FILES,
    commands: `
attach-device off @disk --config
attach-device off @disk --config
attach-device off @taken --config
attach-device off @nic --config
attach-device off @rng --config
attach-device off @notDevice --config
attach-device off @notClosed --config
attach-device off @nosuch --config
attach-device off @disk --live
attach-device off @memory --config
domblklist off
domblklist off --details
domiflist off
dumpxml off --xpath //devices/disk
attach-disk off DIR/other.iso vdd --config
attach-disk off DIR/other.iso vdd --config
attach-disk off DIR/other.iso sdb --targetbus scsi --type cdrom --mode readonly --config
attach-disk off DIR/other.iso vde --config --serial s --cache none --io native --driver qemu --subdriver raw --print-xml
attach-disk off DIR/other.iso vdf --targetbus nosuch --config
attach-disk off DIR/other.iso vdg --address pci:0000.00.1d.00 --config --iothread 1
attach-interface off user none --config --model e1000 --mac 52:54:00:00:00:55
attach-interface off network default --config --inbound 100,200,300 --outbound 100 --target tap5 --print-xml
attach-interface off nosuch none --config
update-device off @medium --config
update-device off @disk --config
update-device off @nicOff --config
detach-disk off vdd --config
detach-disk off vdd --config
detach-disk off vde --config --print-xml
detach-interface off user --mac 52:54:00:00:00:55 --config
detach-interface off user --mac 52:54:00:00:00:99 --config
detach-interface off bridge --config
detach-device off @nic --config
detach-device off @rng --config
detach-device off @rng --config
detach-device-alias off ua-net --config
detach-device-alias off nosuch --config
change-media off hdc --eject --config
change-media off hdc --eject --config
change-media off hdc DIR/other.iso --insert --config
change-media off hdc DIR/medium.iso --update --config
change-media off hdc DIR/medium.iso --update --print-xml
change-media off vda --eject --config
change-media off nosuch --eject
domif-setlink off 52:54:00:00:00:44 down --config
domif-setlink off nosuch down
domif-getlink off nosuch
domblklist off --inactive
dumpxml off
`,
  },
  {
    title: "devices of a board that runs",
    guests: ["one"],
    files: { ...FILES, update: FILES.medium },
    commands: `
domblklist one --details
domiflist one
domiflist one --inactive
change-media one hdc --eject
change-media one hdc --eject --force
change-media one hdc DIR/other.iso --insert
change-media one hdc DIR/medium.iso
change-media one hdc DIR/nosuch.iso
change-media one hdc --eject --live --config
domblklist one
update-device one @medium --live
update-device one @medium --config
domif-getlink one 52:54:00:00:00:02
domif-setlink one 52:54:00:00:00:02 down
domif-getlink one 52:54:00:00:00:02
domif-getlink one 52:54:00:00:00:02 --config
domif-setlink one 52:54:00:00:00:02 up --config
domif-setlink one 52:54:00:00:00:02 nosuch
domif-getlink one nosuch
attach-device one @disk --live
attach-device one @disk --config
attach-device one @lost
attach-device one @taken
attach-device one @notDevice
attach-device one @nic --persistent
attach-device one @rng
attach-device one @usb
attach-device one @memory
domblklist one
dumpxml one --xpath //devices/rng
dumpxml one --xpath //devices/input
detach-device one @lost
detach-device-alias one nosuch
detach-device-alias one ua-net --config
update-device one @nicOff
update-memory-device one --node 0 --requested-size 16M
dom-fd-associate one disk 0
dom-fd-associate nosuch disk 0
dumpxml one
dumpxml one --inactive
`,
  },
  {
    title: "hot plug with the guest's help",
    guests: ["linux"],
    files: FILES,
    commands: `
attach-device linux @disk --live
attach-disk linux DIR/other.iso sdc --targetbus scsi
attach-device linux @nic
attach-device linux @rng
attach-interface linux user none --model virtio --mac 52:54:00:00:00:66
domblklist linux
domiflist linux
detach-disk linux vdb
detach-disk linux sdc
detach-device linux @nic
detach-device-alias linux ua-rng
detach-interface linux user --mac 52:54:00:00:00:66
until uuid dumpxml linux --xpath /domain[count(devices/rng)=0]/uuid
until uuid dumpxml linux --xpath /domain[count(devices/interface)=1]/uuid
detach-interface linux user --mac 52:54:00:00:00:66
detach-disk linux vdb
domblklist linux
`,
  },
];
