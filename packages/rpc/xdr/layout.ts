/**
 * What a declared type looks like on the wire, as data: the frozen listing and the comparison with
 * the protocol facts read it.
 */
export type Layout =
  | { readonly kind: ScalarKind }
  | { readonly kind: "string" | "opaque"; readonly max: number }
  | { readonly kind: "opaque"; readonly size: number }
  | { readonly kind: "array"; readonly element: Layout; readonly max: number }
  | { readonly kind: "array"; readonly element: Layout; readonly size: number }
  | { readonly kind: "optional"; readonly element: Layout }
  | {
      readonly kind: "struct";
      readonly name?: string;
      readonly fields: readonly FieldLayout[];
    }
  | { readonly kind: "union"; readonly arms: readonly ArmLayout[] };

/** XDR's scalars, and the narrow C types that libvirt sends as one word each. */
export type ScalarKind =
  | "void"
  | "int"
  | "uint"
  | "hyper"
  | "uhyper"
  | "double"
  | "char"
  | "uchar"
  | "ushort"
  | "enum";

/** A named member of a struct. */
export interface FieldLayout {
  readonly name: string;
  readonly layout: Layout;
}

/** One case of a union. */
export interface ArmLayout {
  readonly tag: number;
  readonly layout: Layout;
}

/** Print a layout in one line; a named struct below the top is printed as its name. */
export function printLayout(layout: Layout): string {
  return layout.kind === "struct"
    ? `{ ${layout.fields.map(printField).join("; ")} }`
    : print(layout);
}

const printField = ({ name, layout }: FieldLayout): string => `${name} ${print(layout)}`;

function print(layout: Layout): string {
  switch (layout.kind) {
    case "string":
      return `string<${layout.max}>`;
    case "opaque":
      return `opaque${extent(layout)}`;
    case "array":
      return `${print(layout.element)}${extent(layout)}`;
    case "optional":
      return `${print(layout.element)}?`;
    case "struct":
      return layout.name ?? printLayout(layout);
    case "union":
      return `union(${layout.arms.map((a) => `${a.tag}: ${print(a.layout)}`).join(", ")})`;
    default:
      return layout.kind;
  }
}

const extent = (x: { readonly max: number } | { readonly size: number }): string =>
  "size" in x ? `[${x.size}]` : `<${x.max}>`;

/** Every named struct inside a layout, innermost first. */
export function namedStructs(layout: Layout): readonly (Layout & { readonly kind: "struct" })[] {
  switch (layout.kind) {
    case "array":
    case "optional":
      return namedStructs(layout.element);
    case "union":
      return layout.arms.flatMap((arm) => namedStructs(arm.layout));
    case "struct": {
      const inner = layout.fields.flatMap((field) => namedStructs(field.layout));
      return layout.name === undefined ? inner : [...inner, layout];
    }
    default:
      return [];
  }
}
