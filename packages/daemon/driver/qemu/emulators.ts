/** The QEMU binaries of the host: which there are, what they can do, whether KVM really works. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { ARCHITECTURES } from "@vireo/model/domain/arch";
import { virError } from "@vireo/model/error";
import type { Domain } from "@vireo/model/domain/domain";
import { formatDomainCapabilities } from "@vireo/model/node/domain-capabilities";
import type {
  MachineCapability,
  QemuCapabilities,
  SevCapability,
} from "@vireo/qemu/capability/capabilities";
import { CapabilityCache } from "@vireo/qemu/capability/capability-cache";
import { domainCapabilities } from "@vireo/qemu/capability/domain-capabilities";
import { probeKvm, type KvmVerdict } from "@vireo/qemu/capability/kvm-probe";
import { resolveFacts } from "@vireo/qemu/capability/resolve-facts";
import { readTextIfThere, writeFileAtomically } from "../../host/file.ts";
import { hostCpu, sharedCaches } from "../../host/cpu-facts.ts";
import { errnoError } from "../../host/errno.ts";
import { hostPages } from "../../host/huge-pages.ts";
import { hostArch, nodeInfo, numaCells } from "../../host/node-info.ts";
import type { Paths } from "../../host/paths.ts";
import { channelPlaces } from "./command-context.ts";
import { CpuKnowledge, isX86, type EmulatedCpu } from "./cpu-knowledge.ts";
import type { Emulator } from "./environment.ts";
import { hostCapabilities } from "./host-capabilities.ts";
import { hostOffers } from "./host-offers.ts";
import type { EmulatorView, Flavour } from "./qemu-host.ts";

export interface EmulatorOptions {
  readonly paths: Paths;
  readonly bootId: string;
  readonly log: Logger;
  /** Where binaries are looked for. */
  readonly directory?: string;
}

const ENOENT = 2;
/** QEMU's name of an architecture where it is not libvirt's. */
const BINARY_ARCH: Readonly<Record<string, string>> = { i686: "i386" };
/** Architectures offered in the capabilities, when their emulator is installed. */
const OFFERED = ["i686", "x86_64"] as const;

/** A kind of domain, as an emulator knows it. */
export interface EmulatedKind extends EmulatedCpu {
  readonly machine: MachineCapability;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** `undefined` for a damaged text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isVerdict = (value: unknown): value is KvmVerdict & { readonly bootId: string } =>
  typeof value === "object" && value !== null && "bootId" in value && "works" in value;

export class Emulators implements EmulatorView {
  readonly cpus = new CpuKnowledge(() => this.#caps(this.#binaryOf(hostArch())));
  readonly #options: EmulatorOptions;
  readonly #cache: CapabilityCache;
  #kvm: Promise<KvmVerdict> | undefined;

  constructor(options: EmulatorOptions) {
    this.#options = options;
    this.#cache = new CapabilityCache(options.paths.capabilityCache);
  }

  #binaryOf(arch: string): string {
    const { directory = "/usr/bin" } = this.#options;
    return join(directory, `qemu-system-${BINARY_ARCH[arch] ?? arch}`);
  }

  /** @throws VireoError `systemError` when the binary is missing */
  async #caps(binary: string): Promise<QemuCapabilities> {
    if (!(await exists(binary))) throw errnoError(`Cannot check QEMU binary ${binary}`, ENOENT);
    return this.#cache.of(binary);
  }

  /** The verdict on KVM; found once per boot of the host. */
  kvm(): Promise<KvmVerdict> {
    this.#kvm ??= this.#findKvm();
    return this.#kvm;
  }

  async #findKvm(): Promise<KvmVerdict> {
    const { bootId, paths, log } = this.#options;
    const path = join(paths.capabilityCache, "kvm-cpu-host.json");
    const kept = parsed((await readTextIfThere(path)) ?? "null");
    if (isVerdict(kept) && kept.bootId === bootId) return kept;
    const verdict = await probeKvm(this.#binaryOf(hostArch()));
    log.info(verdict, verdict.works ? "KVM works" : "KVM is not used");
    await writeFileAtomically(path, JSON.stringify({ ...verdict, bootId }));
    return verdict;
  }

  /** @throws VireoError `configUnsupported` when no emulator runs such a domain */
  async emulatorFor({ type, devices, os }: Domain): Promise<Emulator> {
    const arch = os?.type?.arch ?? hostArch();
    if (!ARCHITECTURES.some((known) => known === arch))
      throw virError("configUnsupported", `Unknown architecture ${arch}`);
    const caps = await this.#caps(devices?.emulator ?? this.#binaryOf(arch));
    if (type === "kvm") await this.#needKvm(caps);
    const virtType = type === "kvm" ? "kvm" : "qemu";
    return {
      caps,
      facts: this.#facts(caps, type === "kvm"),
      guestCpu: (cpu) => this.cpus.guestCpu(cpu, { caps, virtType }),
      madeCpu: (cpu, words) => this.cpus.madeCpu(cpu, { caps, ...words }),
    };
  }

  async #needKvm({ binary, data }: QemuCapabilities): Promise<void> {
    const { works, reason } =
      data.kvm === undefined
        ? { works: false, reason: "the binary or the host has no KVM" }
        : await this.kvm();
    if (works) return;
    const text = `Emulator '${binary}' does not support virt type 'kvm': ${reason}`;
    throw virError("configUnsupported", text);
  }

  #facts(caps: QemuCapabilities, kvm: boolean): Emulator["facts"] {
    const { paths } = this.#options;
    return resolveFacts(caps, {
      hostArch: hostArch(),
      kvm,
      settings: {
        vncListen: "127.0.0.1",
        spiceListen: "127.0.0.1",
        nvramDir: paths.nvram,
        ...channelPlaces(paths),
      },
    });
  }

  async version(): Promise<number> {
    return (await this.#caps(this.#binaryOf(hostArch()))).version;
  }

  async capabilities(): Promise<string> {
    const binaries = OFFERED.map((arch) => this.#binaryOf(arch));
    const there = await Promise.all(binaries.map(exists));
    const [named, kvm, node, cells, pages, uuid, cpu, caches, iommu, ...emulators] =
      await Promise.all([
        this.cpus.namedHost(),
        this.kvm(),
        nodeInfo(),
        numaCells(),
        hostPages(),
        readTextIfThere("/sys/class/dmi/id/product_uuid"),
        hostCpu(),
        sharedCaches(),
        readTextIfThere("/sys/kernel/iommu_groups/0/type"),
        ...binaries.filter((_, i) => there[i]).map((binary) => this.#cache.of(binary)),
      ]);
    const view = {
      uuid: uuid?.trim().toLowerCase(),
      arch: hostArch(),
      cpu,
      named,
      caches,
      node,
      cells,
      pages,
      iommu: iommu !== undefined,
      kvm: kvm.works,
    };
    return hostCapabilities(view, emulators);
  }

  /**
   * What the words of a client come down to.
   * @throws VireoError `invalidArg` for a machine or domain type that the emulator has not
   */
  async kindOf(flavour: Flavour): Promise<EmulatedKind> {
    const { emulator, arch = hostArch() } = flavour;
    if (!ARCHITECTURES.some((one) => one === arch))
      throw virError("invalidArg", `unknown architecture: ${arch}`);
    const binary = emulator ?? this.#binaryOf(arch);
    if (emulator === undefined && !(await exists(binary)))
      throw virError(
        "configUnsupported",
        `unable to find any emulator to serve '${arch}' architecture`,
      );
    const caps = await this.#caps(binary);
    const virtType = await this.#virtType(flavour.virtType, caps);
    const machine = flavour.machine ?? caps.data.tcg.machines.find((one) => one.isDefault)?.name;
    const found = caps.machine(machine);
    if (found === undefined)
      throw virError(
        "invalidArg",
        `the machine '${machine ?? ""}' is not supported by emulator '${caps.binary}'`,
      );
    return { caps, virtType, machine: found };
  }

  /** @throws VireoError as `kindOf` */
  async domainCapabilities(flavour: Flavour): Promise<string> {
    const { caps, virtType, machine } = await this.kindOf(flavour);
    const cpuMap = isX86(caps.arch) ? await this.cpus.map() : undefined;
    const kind = { virtType, machine, cpuMap };
    return formatDomainCapabilities(
      domainCapabilities(caps, kind, await hostOffers(caps.arch, machine.name)),
    );
  }

  /** Of the emulator for the host's own architecture. */
  async sev(): Promise<SevCapability | undefined> {
    return (await this.kindOf({})).caps.data.sev;
  }

  async #virtType(
    asked: string | undefined,
    { binary, data }: QemuCapabilities,
  ): Promise<"kvm" | "qemu"> {
    const kvm = data.kvm !== undefined && (await this.kvm()).works;
    const type = asked ?? (kvm ? "kvm" : "qemu");
    if (type === "qemu" || (type === "kvm" && kvm)) return type;
    if (type === "kvm")
      throw virError("invalidArg", `KVM is not supported by '${binary}' on this host`);
    throw virError("invalidArg", `unknown virttype: ${type}`);
  }

  /** libvirt's answer: KVM's limit with KVM, else the most any machine takes. */
  async maxVcpus(virtType: string | undefined): Promise<number> {
    const type = (virtType ?? "qemu").toLowerCase();
    if (type !== "qemu" && type !== "kvm")
      throw virError("invalidArg", `unknown type '${virtType ?? ""}'`);
    const caps = await this.#caps(this.#binaryOf(hostArch()));
    return caps.machine("pc")?.maxCpus ?? 1;
  }
}
