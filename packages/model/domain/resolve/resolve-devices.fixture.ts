/** Devices of a small definition, resolved with the facts of an imagined QEMU. For tests. */
import type { Devices } from "../device/devices.ts";
import { parseDomain } from "../parse-domain.ts";
import type { ResolveFacts } from "./facts.ts";
import { resolveDomain } from "./resolve.ts";
import type { ResolvedDomain } from "./resolved-domain.ts";

/** An imagined QEMU. */
export const TEST_FACTS: ResolveFacts = {
  hostArch: "x86_64",
  arch: "x86_64",
  emulator: "/usr/bin/qemu-system-x86_64",
  kvm: false,
  machines: [
    { name: "pc", isDefault: true, maxCpus: 255 },
    { name: "q35", maxCpus: 288 },
  ],
  capabilities: new Set([
    "piix3-usb-uhci",
    "qemu-xhci",
    "pcie-root-port",
    "pcie-pci-bridge",
    "virtio-pci-non-transitional",
    "cirrus-vga",
    "lsi",
    "virtio-scsi-pci",
    "rtl8139",
  ]),
  settings: {
    vncListen: "127.0.0.1",
    spiceListen: "127.0.0.1",
    nvramDir: "/nvram",
    channelTargetDir: "/channel",
  },
  newUuid: () => "c7a5fdbd-edaf-4455-926a-d65c16db1809",
  newMac: () => "52:54:00:01:02:03",
};

/** `body` are the children of `<devices>`. @throws {VireoError} when the definition is refused. */
export const resolvedDevices = (machine: string, body: string): Devices =>
  resolvedDomain(machine, body).devices;

/** @throws {VireoError} when the definition is refused. */
export function resolvedDomain(machine: string, body: string): ResolvedDomain {
  const xml = `<domain type='qemu'><name>a</name><memory>65536</memory><os><type arch='x86_64' machine='${machine}'>hvm</type></os><devices>${body}</devices></domain>`;
  return resolveDomain(parseDomain(xml).domain, TEST_FACTS);
}
