import { CommandError } from "./answer.ts";
import type { Arguments } from "./catalog/option.ts";

/** What an action changes: the domain as it is now, the running one, the definition. */
export const Affect = { current: 0, live: 1, config: 2 } as const;

/** @throws CommandError when more than one of these flags is given */
export function exclusive(args: Arguments, ...names: readonly string[]): void {
  const given = names.filter((name) => args[name] !== false && args[name] !== undefined);
  if (given.length > 1)
    throw new CommandError(`Options --${given[0]} and --${given[1]} are mutually exclusive`);
}

/**
 * `--live`, `--config`, `--current` as flags.
 * @throws CommandError for `--current` with one of the others
 */
export function affectFlags(args: {
  readonly live: boolean;
  readonly config: boolean;
  readonly current: boolean;
}): number {
  exclusive({ current: args.current, live: args.live }, "current", "live");
  exclusive({ current: args.current, config: args.config }, "current", "config");
  return bits([args.live, Affect.live], [args.config, Affect.config]);
}

/** The sum of the flags whose condition holds. */
export const bits = (...flags: readonly (readonly [boolean, number])[]): number =>
  flags.reduce((sum, [wanted, bit]) => (wanted ? sum | bit : sum), 0) >>> 0;
