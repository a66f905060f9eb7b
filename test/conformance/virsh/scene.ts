/** A scene: guests that are there when it begins, and what virsh is asked. */
export type GuestKind = "off" | "one" | "two" | "linux";

export interface Scene {
  readonly title: string;
  /**
   * off: defined, never started. one: runs, with firmware that finds nothing to boot. two: runs and is transient.
   * linux: booted; shared by the scenes that name it, which leave it as they found it.
   */
  readonly guests: readonly GuestKind[];
  /** Documents, named in commands as `@NAME`; `DIR` is the daemon's own directory. */
  readonly files?: Readonly<Record<string, string>>;
  /** Invocations, one on each line; see invocation.ts. */
  readonly commands: string;
}
