/** Capabilities of "latest" as the goldens assume them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResolveFacts } from "@vireo/model/domain/resolve/facts";
import type { CapabilitiesView } from "@vireo/qemu/command/capabilities-view";
import { type QemuCapabilities, qemuCapabilities } from "@vireo/qemu/capability/capabilities";
import { capabilitiesFromAnswers } from "@vireo/qemu/capability/from-answers";
import { recordedAnswers } from "@vireo/qemu/capability/recorded";

const cache = new Map<string, QemuCapabilities>();

/** From the recorded QMP replies of QEMU 7.2.50. */
export function latestCapabilities(corpus: string): QemuCapabilities {
  const known = cache.get(corpus);
  if (known !== undefined) return known;
  const text = readFileSync(join(corpus, "_shared/qemu/caps_8.0.0.x86_64.replies.json"), "utf8");
  const recording: unknown = JSON.parse(text);
  const [kvm, tcg] = recordedAnswers(Array.isArray(recording) ? recording : []);
  if (kvm === undefined) throw new Error("The recording has no section");
  const data = capabilitiesFromAnswers("/usr/bin/qemu-system-x86_64", kvm, tcg);
  const capabilities = qemuCapabilities(data);
  cache.set(corpus, capabilities);
  return capabilities;
}

/** An invented old QEMU: it knows `-no-acpi` and `-no-hpet`, has no memory objects for machines, and takes sizes of NUMA nodes. */
export const fakeCapabilities = ({ emulator, capabilities }: ResolveFacts): CapabilitiesView => ({
  binary: emulator,
  version: 0,
  flags: new Set([...capabilities, "no-acpi", "no-hpet"]),
  machine: () => ({ numaMemSupported: true }),
});
