/** From what QEMU can do, and what the host is, to what resolving a domain must know. */
import { randomBytes } from "node:crypto";
import { macFromRandom } from "@vireo/model/mac";
import type { ResolveFacts } from "@vireo/model/domain/resolve/facts";
import { uuidFromRandom } from "@vireo/model/uuid";
import type { QemuCapabilities } from "./capabilities.ts";

/** What the facts need besides the emulator's capabilities. */
export type HostSide = Pick<ResolveFacts, "hostArch" | "kvm" | "settings"> &
  Partial<Pick<ResolveFacts, "hostCpu" | "securityModels" | "newUuid" | "newMac">>;

/** The prefix that libvirt gives to QEMU's guests. */
const MAC_PREFIX = "52:54:00";

/** libvirt's names of architectures, where QEMU has others. */
const LIBVIRT_ARCH: Readonly<Record<string, string>> = { i386: "i686", arm: "armv7l" };

export const resolveFacts = (caps: QemuCapabilities, host: HostSide): ResolveFacts => ({
  newUuid: () => uuidFromRandom(randomBytes(16)),
  newMac: () => macFromRandom(MAC_PREFIX, randomBytes(3)),
  ...host,
  arch: LIBVIRT_ARCH[caps.arch] ?? caps.arch,
  emulator: caps.binary,
  machines: (host.kvm ? caps.data.kvm : undefined)?.machines ?? caps.data.tcg.machines,
  capabilities: caps.flags,
});
