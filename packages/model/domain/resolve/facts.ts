/** What `resolveDomain` and `checkDomain` must know of host and QEMU: plain data, gathered elsewhere. */
import type { Audio } from "../device/audio.ts";

type SdlDriver = NonNullable<Extract<Audio, { type: "sdl" }>["driver"]>;

export interface MachineFacts {
  /** `pc-i440fx-7.2` */
  readonly name: string;
  /** `pc`, when the machine has an alias. */
  readonly alias?: string;
  /** Taken when the domain names no machine. */
  readonly isDefault?: boolean;
  readonly deprecated?: boolean;
  readonly maxCpus?: number;
  readonly hotplugCpus?: boolean;
  /** CPU type QEMU takes when none is named, e.g. `qemu64-x86_64-cpu`. */
  readonly defaultCpu?: string;
  /** Id of the machine's main memory object, e.g. `pc.ram`. */
  readonly defaultRamId?: string;
}

/** Settings of the daemon's configuration that reach into definitions. */
export interface ResolveSettings {
  readonly vncListen: string;
  readonly spiceListen: string;
  /** Directory of UEFI variable stores; `<nvramDir>/<name>_VARS.fd`. */
  readonly nvramDir: string;
  /** Whether SPICE has certificates; `false` refuses a TLS port. */
  readonly spiceTls?: boolean;
  /** Directory of sockets of guest agent channels. */
  readonly channelTargetDir: string;
  /** Directory in which each run of a domain has a directory of such sockets. */
  readonly channelRunDir?: string;
  /** Where the daemon's environment says sound should go (`QEMU_AUDIO_DRV`, and SDL's own choice). */
  readonly audio?: { readonly type: Audio["type"]; readonly sdlDriver?: SdlDriver };
  /** Guests shown by VNC may use the host's sound. */
  readonly vncAllowHostAudio?: boolean;
  /** Guests without a screen may use the host's sound. */
  readonly noGraphicsAllowHostAudio?: boolean;
}

/** CPU as `<cpu>` describes it; the host's, for `check` and for `host-model`. */
export interface HostCpuFacts {
  readonly model: string;
  readonly vendor?: string;
  readonly features: readonly string[];
}

export interface ResolveOptions {
  /**
   * The definition comes from a client and may change what the guest sees; `false` for one that was resolved before
   * (a file of ours). `true` by default.
   */
  readonly abiUpdate?: boolean;
  /** A running domain's: ports that were allocated are kept. */
  readonly live?: boolean;
}

export interface ResolveFacts {
  /** libvirt's name of the host's architecture, `x86_64`. */
  readonly hostArch: string;
  /** Architecture the emulator runs guests of. */
  readonly arch: string;
  /** Path of the emulator, for a domain that names none. */
  readonly emulator: string;
  /** KVM works for this emulator and host. */
  readonly kvm: boolean;
  readonly machines: readonly MachineFacts[];
  /**
   * What this QEMU can do, by libvirt's flag names (`piix3-usb-uhci`, `pci-bridge`, `device-video-primary`, ...),
   * the vocabulary of its `caps_*.xml`.
   */
  readonly capabilities: ReadonlySet<string>;
  readonly hostCpu?: HostCpuFacts;
  /** Security drivers of the host, the main one first; none: nothing is labelled. */
  readonly securityModels?: readonly string[];
  readonly settings: ResolveSettings;
  /** Random version-4 UUID in libvirt's notation. */
  readonly newUuid: () => string;
  /** Random MAC address with libvirt's prefix for QEMU guests, `52:54:00:...`. */
  readonly newMac: () => string;
}
