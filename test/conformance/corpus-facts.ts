/** The mock environment of libvirt's tests as the facts our pipeline takes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AUDIO_TYPES } from "../../packages/model/domain/device/audio.ts";
import type { MachineFacts, ResolveFacts } from "../../packages/model/domain/resolve/facts.ts";
import { uuidFromRandom } from "../../packages/model/uuid.ts";
import { parseXml } from "../../packages/model/xml/parse-xml.ts";

const RANDOM = Uint8Array.from({ length: 64 }, (_, at) => at);

const SETTINGS: ResolveFacts["settings"] = {
  vncListen: "127.0.0.1",
  spiceListen: "127.0.0.1",
  nvramDir: "/var/lib/libvirt/qemu/nvram",
  channelTargetDir: "/tmp/channel",
};

/** libvirt's tests name capabilities after the constants of its source; our facts after its `caps_*.xml`. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  "device-vga": "VGA",
  "virtio-scsi": "virtio-scsi-pci",
  "scsi-lsi": "lsi",
  "piix-disable-s3": "disable-s3",
  "piix-disable-s4": "disable-s4",
  "kvm-pit-tick-policy": "kvm-pit-lost-tick-policy",
  "object-usb-audio": "usb-audio",
  "device-panic": "pvpanic",
  "scsi-disk-wwn": "scsi-disk.wwn",
  "usb-redir-filter": "usb-redir.filter",
  "virtio-gpu-virgl": "virtio-gpu.virgl",
  "device-pxb": "pxb",
  "device-vmcoreinfo": "vmcoreinfo",
  "display-dbus": "dbus",
};
export const capabilityName = (name: string): string =>
  OTHER_NAMES[name] ?? name.replace(/^(device|object)-/, "");

const base = (arch: string): Omit<ResolveFacts, "machines" | "capabilities"> => ({
  hostArch: "x86_64",
  arch,
  emulator: `/usr/bin/qemu-system-${arch === "i686" ? "i386" : arch}`,
  kvm: true,
  settings: SETTINGS,
  newUuid: () => uuidFromRandom(RANDOM),
  newMac: () => "52:54:00:00:00:00",
});

function machineFacts(attributes: ReadonlyMap<string, string>): MachineFacts {
  const defaultCpu = attributes.get("defaultCPU");
  const maxCpus = attributes.get("maxCpus");
  const defaultRamId = attributes.get("defaultRAMid");
  return {
    name: attributes.get("name") ?? "",
    ...(attributes.get("default") === "yes" ? { isDefault: true } : {}),
    ...(defaultCpu === undefined ? {} : { defaultCpu }),
    ...(maxCpus === undefined ? {} : { maxCpus: Number(maxCpus) }),
    ...(defaultRamId === undefined ? {} : { defaultRamId }),
    hotplugCpus: attributes.get("hotplugCpus") === "yes",
  };
}

/** Facts of "latest": a real QEMU's capabilities, machine aliases turned into machines of their own. */
export function latestFacts(corpus: string): ResolveFacts {
  const xml = parseXml(readFileSync(join(corpus, "_shared/qemu/caps_8.0.0.x86_64.xml"), "utf8"));
  const machines = xml.children
    .filter(({ name }) => name === "machine")
    .flatMap(({ attributes }): MachineFacts[] => {
      const facts = machineFacts(attributes);
      const alias = attributes.get("alias");
      return alias === undefined ? [facts] : [{ ...facts, name: alias }, facts];
    });
  const flags = xml.children
    .filter(({ name }) => name === "flag")
    .map(({ attributes }) => attributes.get("name") ?? "");
  return { ...base("x86_64"), machines, capabilities: new Set(flags) };
}

const FAKE_MACHINES: Readonly<Record<string, readonly string[]>> = {
  i686: ["pc"],
  x86_64: ["pc", "q35"],
};

/** Facts of an invented QEMU that has only `capabilities`. */
export const fakeFacts = (arch: string, capabilities: readonly string[]): ResolveFacts => ({
  ...base(arch),
  machines: (FAKE_MACHINES[arch] ?? []).map((name, at) => ({
    name,
    isDefault: at === 0,
    hotplugCpus: true,
  })),
  capabilities: new Set(capabilities.map(capabilityName)),
});

/** The facts with what a case changes of the daemon's settings and environment. */
export function withEnvironment(
  facts: ResolveFacts,
  { config = {}, setenv = {} }: MockEnvironment,
): ResolveFacts {
  const type = AUDIO_TYPES.find((one) => one === setenv["QEMU_AUDIO_DRV"]);
  const sdlDriver = setenv["SDL_AUDIODRIVER"] === "esd" ? "esd" : undefined;
  return {
    ...facts,
    settings: {
      ...facts.settings,
      ...(type === undefined
        ? {}
        : { audio: { type, ...(sdlDriver === undefined ? {} : { sdlDriver }) } }),
      vncAllowHostAudio: config["vncAllowHostAudio"] === true,
      noGraphicsAllowHostAudio: config["nogfxAllowHostAudio"] === true,
    },
  };
}

interface MockEnvironment {
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  readonly setenv?: Readonly<Record<string, string>>;
}
