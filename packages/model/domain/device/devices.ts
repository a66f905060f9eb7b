/** `<devices>`: all devices by kind, in the order libvirt prints them. */
import { element, type Infer } from "../../schema/element.ts";
import { child, children, text } from "../../schema/member.ts";
import { string } from "../../schema/scalar.ts";
import { Audio } from "./audio.ts";
import { Channel } from "./channel.ts";
import { Console } from "./console.ts";
import { Controller } from "./controller.ts";
import { Disk } from "./disk.ts";
import { Filesystem } from "./filesystem.ts";
import { Graphics } from "./graphics.ts";
import { Hostdev } from "./hostdev.ts";
import { Hub } from "./hub.ts";
import { Input } from "./input.ts";
import { Interface } from "./interface.ts";
import { Iommu } from "./iommu.ts";
import { Lease } from "./lease.ts";
import { Memballoon } from "./memballoon.ts";
import { MemoryDevice } from "./memory-device.ts";
import { Nvram } from "./nvram.ts";
import { Panic } from "./panic.ts";
import { Parallel } from "./parallel.ts";
import { Redirdev, Redirfilter } from "./redirdev.ts";
import { Rng } from "./rng.ts";
import { Serial } from "./serial.ts";
import { Shmem } from "./shmem.ts";
import { Smartcard } from "./smartcard.ts";
import { Sound } from "./sound.ts";
import { Tpm } from "./tpm.ts";
import { Video } from "./video.ts";
import { Vsock } from "./vsock.ts";
import { Watchdog } from "./watchdog.ts";

export const Devices = element(
  "devices",
  "Everything the guest sees besides CPU and memory.",
  {
    emulator: text(string, { doc: "Path of the program that runs the guest." }),
    disks: children(Disk, { doc: "Block devices." }),
    controllers: children(Controller, { doc: "Where buses begin." }),
    leases: children(Lease, { doc: "Locks." }),
    filesystems: children(Filesystem, { doc: "Directories of the host." }),
    interfaces: children(Interface, { doc: "Network cards." }),
    smartcards: children(Smartcard, { doc: "Card readers." }),
    serials: children(Serial, { doc: "Serial ports." }),
    parallels: children(Parallel, { doc: "Parallel ports." }),
    consoles: children(Console, { doc: "Text consoles." }),
    channels: children(Channel, { doc: "Private lines to the host." }),
    inputs: children(Input, { doc: "Keyboards, mice, tablets." }),
    tpms: children(Tpm, { doc: "Trusted platform modules." }),
    graphics: children(Graphics, { doc: "Ways to see the screen." }),
    sounds: children(Sound, { doc: "Sound cards." }),
    audios: children(Audio, { doc: "Where sound goes." }),
    videos: children(Video, { doc: "Graphics cards." }),
    hostdevs: children(Hostdev, { doc: "Devices of the host." }),
    redirdevs: children(Redirdev, { doc: "USB devices of clients." }),
    redirfilter: child(Redirfilter, {
      single: {
        message: "only one set of redirection filter rule is supported",
        fault: "internalError",
      },
      doc: "Which USB devices of clients are allowed.",
    }),
    hubs: children(Hub, { doc: "Hubs." }),
    watchdogs: children(Watchdog, { doc: "Watchdogs." }),
    memballoon: child(Memballoon, {
      single: {
        message: "only a single memory balloon device is supported",
        fault: "internalError",
      },
      doc: "Memory balloon; one is added when absent.",
    }),
    rngs: children(Rng, { doc: "Sources of randomness." }),
    nvram: child(Nvram, {
      single: { message: "only a single nvram device is supported", fault: "internalError" },
      doc: "Non-volatile memory.",
    }),
    panics: children(Panic, { doc: "Panic notifiers." }),
    shmems: children(Shmem, { doc: "Memory shared with other domains." }),
    memories: children(MemoryDevice, { doc: "Memory modules." }),
    iommu: child(Iommu, {
      single: { message: "only a single IOMMU device is supported", fault: "xmlError" },
      doc: "IOMMU.",
    }),
    vsock: child(Vsock, {
      single: { message: "only a single vsock device is supported", fault: "xmlError" },
      doc: "Sockets to the host.",
    }),
  },
  { empty: "open" },
);
export type Devices = Infer<typeof Devices>;
