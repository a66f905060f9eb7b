/** When a change of a definition can take effect, place by place. The first rule that fits decides. */

/**
 * `live`: also in the running domain, at once. `nextBoot`: QEMU takes it only when it starts.
 * `replace`: it makes another domain, or loses data that the guest relies on.
 */
export const IMPACTS = ["live", "nextBoot", "replace"] as const;
export type Impact = (typeof IMPACTS)[number];

/** The ways to change a running domain; a driver says which of them it has. */
export type LiveAction =
  | "metadata"
  | "balloon"
  | "vcpus"
  | "limits"
  | "lifecycle"
  | "hotplug"
  | "media"
  | "link"
  | "display"
  | "perf";

export interface ChangeKind {
  /** XPath without positions: `/domain/devices/disk/driver/@cache`. */
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  /** What XML says at `@attribute` or `child/@attribute` of the changed device, before or after. */
  readonly attribute: (path: string) => string | undefined;
}

export interface PlanRule {
  readonly path: RegExp;
  readonly when?: (change: ChangeKind) => boolean;
  readonly impact: Impact;
  readonly why: string;
  /** The way to do it in a running domain. */
  readonly by?: LiveAction;
}

const live = (path: RegExp, by: LiveAction, why: string): PlanRule => ({
  path,
  impact: "live",
  why,
  by,
});
const replace = (path: RegExp, why: string): PlanRule => ({ path, impact: "replace", why });

const whole = ({ kind }: ChangeKind): boolean => kind !== "changed";
const pluggableBus = ({ attribute, kind }: ChangeKind): boolean =>
  kind !== "changed" && ["virtio", "scsi", "usb"].includes(attribute("target/@bus") ?? "");
const isRemovable = ({ attribute }: ChangeKind): boolean =>
  ["cdrom", "floppy"].includes(attribute("@device") ?? "");
const isPluggableInput = ({ attribute, kind }: ChangeKind): boolean =>
  kind !== "changed" && ["usb", "virtio"].includes(attribute("@bus") ?? "");

const DEVICES = "^/domain/devices/";
const HOTPLUG = "QEMU can take the device in and out while it runs";

const RULES: readonly PlanRule[] = [
  replace(/^\/domain\/uuid$/, "Another UUID is another domain"),
  replace(/^\/domain\/name$/, "A domain gets another name with domrename, while it is off"),
  replace(/^\/domain\/os\/type\/@arch$/, "The guest's system runs on one architecture"),
  replace(/^\/domain\/os\/nvram/, "The guest would start without its UEFI variables"),
  replace(/^\/domain\/os\/(@firmware$|loader)/, "The guest's boot loader may need its firmware"),
  replace(/^\/domain\/genid/, "The guest takes a new generation id for a clone of itself"),
  replace(new RegExp(`${DEVICES}tpm`), "What the TPM has sealed would be lost"),
  live(
    /^\/domain\/(title|description|metadata)$/,
    "metadata",
    "Nothing in the guest depends on it",
  ),
  live(/^\/domain\/currentMemory$/, "balloon", "The balloon takes another size"),
  live(/^\/domain\/vcpu\/@current$/, "vcpus", "Virtual CPUs are plugged"),
  live(/^\/domain\/vcpus\//, "vcpus", "Virtual CPUs are plugged"),
  live(/^\/domain\/(cputune|memtune|blkiotune)/, "limits", "The host's control groups limit it"),
  live(/^\/domain\/on_\w+$/, "lifecycle", "The daemon acts on it when it happens"),
  live(/^\/domain\/perf/, "perf", "The host counts it"),
  {
    ...live(new RegExp(`${DEVICES}disk/source`), "media", "The drive takes another medium"),
    when: isRemovable,
  },
  live(new RegExp(`${DEVICES}disk/iotune`), "limits", "QEMU throttles the disk anew"),
  { ...live(new RegExp(`${DEVICES}disk$`), "hotplug", HOTPLUG), when: pluggableBus },
  live(new RegExp(`${DEVICES}interface/link`), "link", "The cable is pulled or plugged"),
  live(new RegExp(`${DEVICES}interface/bandwidth`), "limits", "The host shapes the traffic anew"),
  {
    ...live(
      new RegExp(`${DEVICES}(interface|hostdev|redirdev|rng|shmem|vsock|watchdog|lease)$`),
      "hotplug",
      HOTPLUG,
    ),
    when: whole,
  },
  { ...live(new RegExp(`${DEVICES}(memory|channel)$`), "hotplug", HOTPLUG), when: whole },
  { ...live(new RegExp(`${DEVICES}input$`), "hotplug", HOTPLUG), when: isPluggableInput },
  live(new RegExp(`${DEVICES}graphics/@passwd`), "display", "The display takes another password"),
  {
    path: new RegExp(`${DEVICES}disk/source`),
    impact: "nextBoot",
    why: "The guest finds another disk in its place",
  },
  {
    path: /^\/domain\/os\/type\/@machine$/,
    impact: "nextBoot",
    why: "The guest finds another board, and may ask for new drivers",
  },
];

const OTHERWISE: PlanRule = {
  path: /^/,
  impact: "nextBoot",
  why: "QEMU takes it only when it starts",
};

/** The rule for a change. */
export const planRuleFor = (change: ChangeKind): PlanRule =>
  RULES.find((rule) => rule.path.test(change.path) && (rule.when?.(change) ?? true)) ?? OTHERWISE;
