/** Where a value lives inside its element. Declaration order is print order, for attributes and for children. */
import type {
  AnyMember,
  Choice,
  Discriminant,
  Element,
  Member,
  MemberKind,
  Options,
} from "./declaration.ts";
import type { XmlElement } from "../xml/tree.ts";
import { oneOf, type Scalar } from "./scalar.ts";
import type { Unit } from "./unit.ts";

const scalarMember =
  <R extends boolean>(kind: MemberKind, required: R) =>
  <T>(scalar: Scalar<T>, options: Options<NoInfer<T>>): Member<T, R> => ({
    kind,
    required,
    options,
    scalar,
  });

/** `name='value'`. */
export const attr = scalarMember("attr", false);
export const requiredAttr = scalarMember("attr", true);
/** The element's own text. */
export const content = scalarMember("content", false);
export const requiredContent = scalarMember("content", true);
/** A child element holding only text: `<serial>ABC</serial>`. */
export const text = scalarMember("text", false);
export const requiredText = scalarMember("text", true);

/** Any number of children holding only text: `<initarg>`. */
export const texts = <T>(
  scalar: Scalar<T>,
  options: Options<readonly NoInfer<T>[]>,
): Member<readonly T[], false> => ({
  kind: "texts",
  required: false,
  options,
  // the list's members are read one by one with the scalar of T
  scalar: scalar as unknown as Scalar<readonly T[]>,
});

/** An empty child whose presence means true: `<readonly/>`. */
export const flag = (options: Options<boolean>): Member<boolean, false> => ({
  kind: "flag",
  required: false,
  options,
});

const elementMember =
  <R extends boolean>(required: R) =>
  <T>(element: Element<T>, options: Options<NoInfer<T>>): Member<T, R> => ({
    kind: "child",
    required,
    options,
    element,
  });
export const child = elementMember(false);
export const requiredChild = elementMember(true);
/** Any number of children of one name, in order. */
export const children = <T>(
  element: Element<T>,
  options: Options<readonly NoInfer<T>[]>,
): Member<readonly T[], false> => ({ kind: "children", required: false, options, element });

/** A child we do not interpret, kept verbatim as the text of its XML (`<metadata>`). */
export const raw = ({ prepare, ...options }: RawOptions): Member<string, false> => ({
  kind: "raw",
  required: false,
  options,
  ...(prepare === undefined ? {} : { prepare }),
});
type RawOptions = Options<string> & {
  /** What is kept of the subtree; all of it by default. */
  readonly prepare?: (xml: XmlElement) => XmlElement;
};

type ScaledOptions = Options<number> & {
  readonly unit: Unit;
  /** Unit when the XML names none; `unit` by default. */
  readonly assumed?: Unit;
  /** Name of the unit's attribute; `unit` by default. */
  readonly unitName?: string;
  /** Print in the largest unit that divides the size, as libvirt does in a few places. */
  readonly pretty?: boolean;
};
const scaled =
  <R extends boolean>(kind: MemberKind, required: R) =>
  ({
    unit,
    assumed = unit,
    unitName = "unit",
    pretty = false,
    ...options
  }: ScaledOptions): Member<number, R> => ({
    kind,
    required,
    options,
    scaling: { unit, assumed, attribute: unitName, pretty },
  });

/** A size in the element's own text, with a unit: `<memory unit='KiB'>512</memory>`. */
export const scaledContent = scaled("scaledContent", true);
/** A size in an attribute, the unit in another: `<page size='2' unit='MiB'/>`. */
export const scaledAttr = scaled("scaledAttr", false);
export const requiredScaledAttr = scaled("scaledAttr", true);
/** A child holding only a size with a unit: `<hard_limit unit='KiB'>1024</hard_limit>`. */
export const scaledText = scaled("scaledText", false);

/** Members inside a `choice` see the value of this attribute; with `default` the attribute may be left out. */
export const discriminant = <const V extends string>(
  values: readonly V[],
  options: Options<NoInfer<V>>,
): Discriminant<V> => ({
  kind: "discriminant",
  required: true,
  options,
  scalar: oneOf(...values),
  values,
});
/** One key, another member for each value of the discriminant; values not named have no such member. */
export const choice = <const C extends Readonly<Record<string, AnyMember>>>(
  cases: C,
): Choice<C> => ({
  kind: "choice",
  cases,
});
