/** An element: its tag, its members, and the TypeScript type that follows from them. */
import type {
  AnyChoice,
  AnyElement,
  AnyMember,
  Choice,
  Element,
  ElementOptions,
  Member,
  Members,
} from "./declaration.ts";

type ValueOf<M> = M extends { readonly _value?: infer T } ? Exclude<T, undefined> : never;
type RequiredKeys<M> = {
  [K in keyof M]: M[K] extends { readonly required: true } ? K : never;
}[keyof M];
type Flat<T> = { [K in keyof T]: T[K] };
type Shape<M> = Flat<
  { readonly [K in RequiredKeys<M>]: ValueOf<M[K]> } & {
    readonly [K in Exclude<keyof M, RequiredKeys<M>>]?: ValueOf<M[K]>;
  }
>;

/** The members an element has when its discriminant is V: choices resolved, those without a case left out. */
type Picked<M, V extends string> = {
  [K in keyof M as M[K] extends Choice<infer C>
    ? V extends keyof C
      ? K
      : never
    : K]: M[K] extends Choice<infer C>
    ? V extends keyof C
      ? C[V]
      : never
    : M[K] extends { readonly kind: "discriminant" }
      ? Member<V, true>
      : M[K];
};
type DiscriminantOf<M> = {
  [K in keyof M]: M[K] extends {
    readonly kind: "discriminant";
    readonly values: readonly (infer V extends string)[];
  }
    ? V
    : never;
}[keyof M];
export type ShapeOf<M> = [DiscriminantOf<M>] extends [never]
  ? Shape<M>
  : { [V in DiscriminantOf<M>]: Shape<Picked<M, V>> }[DiscriminantOf<M>];

/** The TypeScript type of an element's value. */
export type Infer<E> = E extends { readonly _value?: infer T } ? Exclude<T, undefined> : never;

/** Declares an element. */
// oxlint-disable-next-line max-params -- tag, doc and members stand as in the element itself; options are rare
export const element = <const M extends Members>(
  tag: string,
  doc: string,
  members: M,
  options: ElementOptions = {},
): Element<ShapeOf<M>> => ({ tag, doc, members, options });

/** An element declared further below, or one that contains itself; the recursive type must be written by hand. */
export const lazy = <T>(get: () => Element<T>): Element<T> => ({
  get tag() {
    return get().tag;
  },
  get doc() {
    return get().doc;
  },
  get members() {
    return get().members;
  },
  get options() {
    return get().options;
  },
});

/** A member of a value known only at run time. */
export interface PlannedMember {
  readonly key: string;
  readonly xmlName: string;
  readonly member: AnyMember;
}
/** What parser and printer need of an element with its discriminant settled, worked out once. */
export interface Plan {
  readonly members: readonly PlannedMember[];
  readonly attributes: ReadonlySet<string>;
  readonly children: ReadonlySet<string>;
  /** The element's own text means something. */
  readonly text: boolean;
}

const isChoice = (member: AnyMember | AnyChoice): member is AnyChoice => member.kind === "choice";

const discriminants = new WeakMap<Members, PlannedMember | undefined>();

/** The discriminant of an element, if it has one. */
export function discriminantOf({ members }: AnyElement): PlannedMember | undefined {
  if (!discriminants.has(members)) discriminants.set(members, findDiscriminant(members));
  return discriminants.get(members);
}

function findDiscriminant(members: Members): PlannedMember | undefined {
  for (const [key, member] of Object.entries(members))
    if (!isChoice(member) && member.kind === "discriminant")
      return { key, member, xmlName: member.options.name ?? key };
  return undefined;
}

const planned = (key: string, member: AnyMember): PlannedMember => ({
  key,
  member,
  xmlName: member.options.name ?? member.element?.tag ?? key,
});

/** How a child is looked up: local name and namespace. */
export const childKey = (name: string, namespace = ""): string =>
  namespace === "" ? name : `${namespace} ${name}`;
/** Namespace in which a member's child lives. */
export const namespaceOf = (member: AnyMember): string =>
  member.options.ns ?? member.element?.options.namespace?.uri ?? "";

function makePlan(of: AnyElement, picked: string | undefined): Plan {
  const members: PlannedMember[] = [];
  const attributes = new Set<string>();
  const children = new Set<string>();
  let text = false;
  for (const [key, declared] of Object.entries(of.members)) {
    const member = isChoice(declared)
      ? picked === undefined
        ? undefined
        : declared.cases[picked]
      : declared;
    if (member === undefined) continue;
    const one = planned(key, member);
    members.push(one);
    if (member.scaling !== undefined && member.kind !== "scaledText")
      attributes.add(member.scaling.attribute);
    if (member.kind === "attr" || member.kind === "discriminant" || member.kind === "scaledAttr")
      attributes.add(one.xmlName);
    else if (member.kind === "content" || member.kind === "scaledContent") text = true;
    else children.add(childKey(one.xmlName, namespaceOf(member)));
  }
  return { members, attributes, children, text };
}

const plans = new WeakMap<Members, Map<string | undefined, Plan>>();

/** The plan of an element for one value of its discriminant. */
export function planOf(of: AnyElement, picked: string | undefined): Plan {
  const known = plans.get(of.members) ?? new Map<string | undefined, Plan>();
  plans.set(of.members, known);
  const plan = known.get(picked) ?? makePlan(of, picked);
  known.set(picked, plan);
  return plan;
}
