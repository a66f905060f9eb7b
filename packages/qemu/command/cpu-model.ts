/** Which CPU model and features a domain's `<cpu>` comes down to on this host. */
import { virError } from "@vireo/model/error";
import type { HostCpu } from "./context.ts";
import type { CommandInput } from "./input.ts";

type Cpu = NonNullable<CommandInput["domain"]["cpu"]>;

export interface GuestCpu {
  readonly model: string;
  readonly vendor?: string;
  readonly features: readonly { readonly name: string; readonly on: boolean }[];
}

/** Features KVM cannot give a guest whatever the host's CPU has, or that would keep it from migrating. */
const NEVER_COPIED = new Set(["cmt", "mbm_total", "mbm_local", "osxsave", "ospke", "invtsc"]);

/** Features newer QEMU took out of a model it still has: written out, so that the guest sees one CPU for ever. */
const TAKEN_OUT: readonly { readonly models: RegExp; readonly feature: string }[] = [
  { models: /^Icelake-/, feature: "intel-pt" },
];
/** Features libvirt knows of and QEMU does not, or not any more. */
const FORGOTTEN = new Set(["pconfig", "osxsave", "ospke", "cmt", "mbm_total", "mbm_local"]);

const hostFeatures = (host: HostCpu): GuestCpu["features"] =>
  host.features.filter((name) => !NEVER_COPIED.has(name)).map((name) => ({ name, on: true }));

/** What the definition says of single features; `optional` follows the host. */
function ownFeatures(cpu: Cpu, host: HostCpu | undefined): GuestCpu["features"] {
  return (cpu.features ?? []).map(({ name, policy = "require" }) => ({
    name,
    on:
      policy === "optional"
        ? host === undefined || host.features.includes(name)
        : policy === "require" || policy === "force",
  }));
}

/** A later word on a feature replaces an earlier one. */
const merged = (...lists: GuestCpu["features"][]): GuestCpu["features"] => [
  ...new Map(lists.flat().map((feature) => [feature.name, feature])).values(),
];

const takenOut = (model: string): GuestCpu["features"] =>
  TAKEN_OUT.filter(({ models }) => models.test(model)).map(({ feature }) => ({
    name: feature,
    on: false,
  }));

/** The host's own CPU as a model QEMU knows, with its other features. */
function hostModel(cpu: Cpu, { domain, context }: CommandInput): GuestCpu {
  const host = context.hostCpu;
  if (host === undefined)
    throw virError(
      "configUnsupported",
      `CPU mode 'host-model' for ${domain.os.type.arch} ${domain.type} domain on this host is not supported by hypervisor`,
    );
  const vendor = cpu.model?.vendorId;
  return {
    model: host.model,
    ...(vendor === undefined ? {} : { vendor }),
    features: merged(hostFeatures(host), ownFeatures(cpu, undefined)),
  };
}

/** At least what is named; the rest of the host's CPU comes along. */
const atLeast = (cpu: Cpu, host: HostCpu): GuestCpu => ({
  model: host.model,
  features: merged(hostFeatures(host), ownFeatures(cpu, host)),
});

function custom(cpu: Cpu, { domain, context }: CommandInput): GuestCpu {
  if (cpu.match === "minimum" && context.hostCpu !== undefined)
    return atLeast(cpu, context.hostCpu);
  const model = cpu.model?.name ?? (domain.os.type.arch === "i686" ? "qemu32" : "qemu64");
  const vendor = cpu.model?.vendorId;
  return {
    model,
    ...(vendor === undefined ? {} : { vendor }),
    features: merged(takenOut(model), ownFeatures(cpu, context.hostCpu)).filter(
      ({ name }) => !FORGOTTEN.has(name),
    ),
  };
}

/**
 * The CPU QEMU is asked for.
 * @throws VireoError configUnsupported when the host cannot give it
 */
export function guestCpu(cpu: Cpu | undefined, input: CommandInput): GuestCpu {
  const { domain } = input;
  switch (cpu?.mode) {
    case "host-passthrough":
      if (domain.type === "qemu")
        throw virError(
          "configUnsupported",
          `CPU mode 'host-passthrough' for ${domain.os.type.arch} qemu domain on ${input.context.hostArch} host is not supported by hypervisor`,
        );
      return { model: "host", features: ownFeatures(cpu, undefined) };
    case "maximum":
      return { model: "max", features: ownFeatures(cpu, undefined) };
    case "host-model":
      return hostModel(cpu, input);
    case "custom":
    case undefined:
      return custom(cpu ?? {}, input);
  }
}
