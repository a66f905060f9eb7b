import type { Domain } from "../domain.ts";
import type { OsType } from "../os.ts";

type OsOf = NonNullable<Domain["os"]>;
export interface ResolvedOsType extends OsType {
  readonly arch: string;
  readonly machine: string;
  readonly name: string;
}

/** A domain in which nothing is left to be guessed: what `resolveDomain` returns and QEMU's command line is made from. */
export type ResolvedDomain = Domain & {
  readonly uuid: string;
  readonly memory: NonNullable<Domain["memory"]>;
  readonly currentMemoryKiB: number;
  readonly vcpu: NonNullable<Domain["vcpu"]>;
  readonly os: OsOf & { readonly type: ResolvedOsType };
  readonly clock: NonNullable<Domain["clock"]>;
  readonly devices: NonNullable<Domain["devices"]> & { readonly emulator: string };
};

/** One step on the way there. */
export type ResolveStep<F = undefined> = (domain: Domain, facts: F) => Domain;
