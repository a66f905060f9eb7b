/** `-machine` and `-accel`: the virtual board and who runs it. */
import { type CommandArg, optionString, type OptionPair, rawArg } from "./argument.ts";
import { systemMemoryId } from "./memory.ts";
import { pflashPairs } from "./firmware.ts";
import type { CommandInput } from "./input.ts";
import { SECURITY_OBJECT } from "./launch-security.ts";

const KIB_PER_MIB = 1024;
/** `-machine pcspk-audiodev=` replaced `-soundhw` with QEMU 5.1. */
export const SPEAKER_SINCE = 5_001_000;

type Domain = CommandInput["domain"];

const IRQCHIP: Readonly<Record<string, string>> = { qemu: "split", kvm: "on" };

function featurePairs({ features }: Domain): OptionPair[] {
  const ioapic = features?.ioapic?.driver;
  return [
    ["vmport", features?.vmport?.state],
    ["smm", features?.smm?.state],
    ["kernel_irqchip", ioapic === undefined ? undefined : IRQCHIP[ioapic]],
    ["gic-version", features?.gic?.version],
  ];
}

/** Old QEMU has an option of its own instead, written by `clock`. */
function hpetPair({ domain, caps }: CommandInput): OptionPair {
  const hpet = domain.clock.timers?.find((timer) => timer.name === "hpet");
  return ["hpet", caps.flags.has("machine-hpet") ? hpet?.present : undefined];
}

/** The PC speaker is part of the board, which is told where it is heard. */
function speakerPair({ domain, caps }: CommandInput): OptionPair {
  const { sounds, audios } = domain.devices;
  const speaker = sounds?.find((sound) => sound.model === "pcspk");
  const id = speaker?.audio?.id ?? audios?.[0]?.id;
  const known = speaker !== undefined && id !== undefined && caps.version >= SPEAKER_SINCE;
  return ["pcspk-audiodev", known ? `audio${id}` : undefined];
}

const usesHmat = ({ cpu }: Domain): boolean =>
  cpu?.numa?.interconnects !== undefined ||
  cpu?.numa?.cells?.some((cell) => (cell.caches?.length ?? 0) > 0) === true;

const hasNvdimm = ({ devices }: Domain): boolean =>
  devices.memories?.some((memory) => memory.model === "nvdimm") === true;

function securityPair({ domain, caps }: CommandInput): OptionPair[] {
  if (domain.launchSecurity === undefined) return [];
  const key = caps.flags.has("confidential-guest-support")
    ? "confidential-guest-support"
    : "memory-encryption";
  return [[key, SECURITY_OBJECT]];
}

export function machineArgs(input: CommandInput): CommandArg[] {
  const { domain, context } = input;
  const pairs: OptionPair[] = [
    ["usb", false],
    ...featurePairs(domain),
    ["dump-guest-core", domain.memory.dumpCore ?? context.settings.dumpGuestCore ?? false],
    // SeaBIOS then writes to the serial port
    ["graphics", domain.os.bios?.useserial === true ? false : undefined],
    ["mem-merge", domain.memoryBacking?.nosharepages === true ? false : undefined],
    ["nvdimm", hasNvdimm(domain) ? true : undefined],
    ["hmat", usesHmat(domain) ? true : undefined],
    ...securityPair(input),
    ["memory-backend", systemMemoryId(input)],
    ...pflashPairs(input),
    hpetPair(input),
    speakerPair(input),
  ];
  return [rawArg("-machine", optionString(domain.os.type.machine, pairs), "/domain/os/type")];
}

/** Accelerator of each domain type. */
export function accelArgs({ domain }: CommandInput): CommandArg[] {
  const { features } = domain;
  if (domain.type === "kvm") {
    const ring = features?.kvm?.dirtyRing;
    const size = ring?.state === true ? ring.size : undefined;
    return [rawArg("-accel", optionString("kvm", [["dirty-ring-size", size]]), "/domain")];
  }
  const cache = features?.tcg?.tbCache?.sizeKiB;
  const size = cache === undefined ? undefined : Math.floor(cache / KIB_PER_MIB);
  return [rawArg("-accel", optionString("tcg", [["tb-size", size]]), "/domain")];
}

/** Size of the memory that system management mode may use. */
export function tsegArgs({ domain }: CommandInput): CommandArg[] {
  const size = domain.features?.smm?.tseg?.sizeKiB;
  return size === undefined
    ? []
    : [
        rawArg(
          "-global",
          optionString(undefined, [["mch.extended-tseg-mbytes", Math.floor(size / KIB_PER_MIB)]]),
          "/domain/features/smm/tseg",
        ),
      ];
}
