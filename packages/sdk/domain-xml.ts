/** Builds a domain's XML from typed parts: what an editor completes, it may contain. */
import { Domain } from "@vireo/model/domain/domain";
import { formatDomain } from "@vireo/model/domain/format-domain";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { Interface } from "@vireo/model/domain/device/interface";
import { fromJson } from "@vireo/model/schema/from-json";

export interface DomainWish {
  readonly name: string;
  readonly memoryMiB: number;
  readonly vcpus?: number;
  /** `qemu` emulates and runs everywhere; `kvm` when absent. */
  readonly type?: "kvm" | "qemu";
  /** `q35` when absent. */
  readonly machine?: string;
  readonly disks?: readonly Partial<Disk>[];
  readonly interfaces?: readonly Partial<Interface>[];
  /** Anything else of the domain, as the JSON form of its XML has it; wins over what stands above. */
  readonly more?: Readonly<Record<string, unknown>>;
}

const KIB_PER_MIB = 1024;

/**
 * The XML of a domain with a serial console. What is left to defaults, the daemon fills in.
 * @throws VireoError `xmlError` that names the place of what is wrong
 */
export function domainXml(wish: DomainWish): string {
  const { name, memoryMiB, vcpus = 1, type = "kvm", machine = "q35" } = wish;
  const { disks = [], interfaces = [], more = {} } = wish;
  const serial = { type: "pty" };
  const json = {
    type,
    name,
    memory: { sizeKiB: memoryMiB * KIB_PER_MIB },
    vcpu: { count: vcpus },
    os: { type: { machine, name: "hvm" } },
    devices: { disks, interfaces, serials: [serial], consoles: [serial] },
    ...more,
  };
  return formatDomain(fromJson(Domain, json), { secure: true });
}
