/** Sets of descriptors inside a running QEMU, from its answer to `query-fdsets`. */

interface FdSet {
  readonly "fdset-id": number;
  readonly fds: readonly unknown[];
}
const isFdSet = (value: unknown): value is FdSet =>
  typeof value === "object" &&
  value !== null &&
  "fdset-id" in value &&
  typeof value["fdset-id"] === "number" &&
  "fds" in value &&
  Array.isArray(value.fds);

const setsIn = (answer: unknown): readonly FdSet[] =>
  Array.isArray(answer) ? answer.filter(isFdSet) : [];

/** A number above those of all sets. */
export const firstFreeSet = (answer: unknown): number =>
  Math.max(-1, ...setsIn(answer).map((set) => set["fdset-id"])) + 1;

const holds = ({ fds }: FdSet, opaque: string): boolean =>
  fds.some((fd) => typeof fd === "object" && fd !== null && "opaque" in fd && fd.opaque === opaque);

/** Numbers of the sets with a descriptor of this description. */
export const setsOf = (answer: unknown, opaque: string): readonly number[] =>
  setsIn(answer)
    .filter((set) => holds(set, opaque))
    .map((set) => set["fdset-id"]);
