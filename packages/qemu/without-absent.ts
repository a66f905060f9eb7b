/** An object whose optional members are left out instead of being undefined, as `exactOptionalPropertyTypes` wants. */
export type Exact<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** Leaves out the members that are undefined. */
export function withoutAbsent<T extends object>(value: T): Exact<T> {
  // Only members whose type allows undefined can have gone, and those are optional in Exact.
  return Object.fromEntries(
    Object.entries(value).filter(([, one]) => one !== undefined),
  ) as Exact<T>;
}
