/** A program with its arguments, decided before anything runs. */
export type Command = readonly [program: string, ...args: string[]];
