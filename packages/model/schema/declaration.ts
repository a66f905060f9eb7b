/** What a declaration is made of: elements hold members, members hold values or elements. */
import type { ErrorKind } from "../error-catalogue.ts";
import type { XmlElement } from "../xml/tree.ts";
import type { Scalar } from "./scalar.ts";
import type { Unit } from "./unit.ts";
import type { Show, ShowRule } from "./view.ts";

export interface Namespace {
  readonly uri: string;
  readonly prefix: string;
}
export interface ElementOptions {
  /**
   * Print it even with neither attributes nor content, `open` as start and end tag on two lines.
   * Without this, libvirt's habit: nothing to say, nothing printed.
   */
  readonly empty?: boolean | "open";
  readonly namespace?: Namespace;
  /** libvirt refuses children it does not know, with this message; `%s` stands for the name. */
  readonly unknownChild?: string;
}

export interface Element<out T> {
  readonly tag: string;
  readonly doc: string;
  readonly members: Members;
  readonly options: ElementOptions;
  /** Only for the type checker. */
  readonly _value?: T;
}
export type AnyElement = Element<unknown>;

export type MemberKind =
  | "attr"
  | "discriminant"
  | "scaledAttr"
  | "content"
  | "scaledContent"
  | "text"
  | "texts"
  | "scaledText"
  | "flag"
  | "child"
  | "children"
  | "raw";

export interface Options<T> {
  readonly doc: string;
  /** The XML name, when it differs from the key. */
  readonly name?: string;
  /** Taken when the XML says nothing. */
  readonly default?: T;
  /** A value that is not printed. */
  readonly omit?: T;
  readonly show?: Show | ShowRule<T>;
  /**
   * Older places of the value, tried in order when its own place is empty: `@attr`, `child`, `child@attr`
   * relative to the element.
   */
  readonly older?: readonly string[];
  /** URI of the namespace of a child that has one. */
  readonly ns?: string;
  /** The whole message about an illegal value, when libvirt words it otherwise; `%s` stands for the value. */
  readonly invalid?: string;
  /** The whole message about a missing value; empty: the bare message of `missingFault`. */
  readonly missing?: string;
  /** Kind of the error about an illegal value, when it is not `xmlError`. */
  readonly fault?: ErrorKind;
  /** Kind of the error about a missing value, when it is not `xmlError`. */
  readonly missingFault?: ErrorKind;
  /** A second child of the name is refused with this message; without it, only the first is read. */
  readonly single?: { readonly message: string; readonly fault: ErrorKind };
}

export interface Scaling {
  /** Of the value in the model and in print. */
  readonly unit: Unit;
  /** When the XML names none. */
  readonly assumed: Unit;
  /** The attribute that names the unit. */
  readonly attribute: string;
  /** Printed in the largest unit that divides it. */
  readonly pretty: boolean;
}

export interface Member<T, Required extends boolean = boolean> {
  readonly kind: MemberKind;
  readonly required: Required;
  readonly options: Options<T>;
  readonly scalar?: Scalar<T>;
  readonly element?: Element<unknown>;
  readonly scaling?: Scaling;
  readonly values?: readonly string[];
  readonly prepare?: (xml: XmlElement) => XmlElement;
  /** Only for the type checker. */
  readonly _value?: T;
}
export type AnyMember = Member<unknown>;

/** The attribute that says which shape the element has: `<disk type=…>`. */
export interface Discriminant<V extends string> extends Member<V, true> {
  readonly kind: "discriminant";
  readonly values: readonly V[];
}
/** A member picked by the element's discriminant. */
export interface Choice<C extends Readonly<Record<string, AnyMember>>> {
  readonly kind: "choice";
  readonly cases: C;
}
export type AnyChoice = Choice<Readonly<Record<string, AnyMember>>>;
export type Members = Readonly<Record<string, AnyMember | AnyChoice>>;
