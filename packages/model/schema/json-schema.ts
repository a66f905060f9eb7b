/** JSON Schema of an element's value, for OpenAPI and the HTTP door. */
import { discriminantOf, type PlannedMember, planOf } from "./element.ts";
import type { AnyElement, Members } from "./declaration.ts";
import type { JsonSchema } from "./scalar.ts";

/** Draft 2020-12; elements that are used in several places, or contain themselves, go to `$defs`. */
export function jsonSchema(type: AnyElement): JsonSchema {
  const builder = new Builder(sharedNames(type));
  const schema = builder.root(type);
  return builder.defs.size === 0 ? schema : { ...schema, $defs: Object.fromEntries(builder.defs) };
}

/** The values of the discriminant, each with a shape of its own. */
const shapesOf = (type: AnyElement): readonly (string | undefined)[] =>
  discriminantOf(type)?.member.values ?? [undefined];

/** Names in `$defs` of the elements that more than one place has; a lazy element counts as what it stands for. */
function sharedNames(root: AnyElement): ReadonlyMap<Members, string> {
  const uses = new Map<Members, { readonly tag: string; count: number }>();
  const visit = (type: AnyElement): void => {
    const known = uses.get(type.members);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    uses.set(type.members, { tag: type.tag, count: 1 });
    for (const shape of shapesOf(type))
      for (const { member } of planOf(type, shape).members)
        if (member.element !== undefined) visit(member.element);
  };
  visit(root);
  return named([...uses].filter(([, { count }]) => count > 1));
}

/** By tag; further elements of the same tag are numbered. */
function named(
  shared: readonly (readonly [Members, { readonly tag: string }])[],
): ReadonlyMap<Members, string> {
  const names = new Map<Members, string>();
  const taken = new Map<string, number>();
  for (const [members, { tag }] of shared) {
    const before = taken.get(tag) ?? 0;
    taken.set(tag, before + 1);
    names.set(members, before === 0 ? tag : `${tag}-${before + 1}`);
  }
  return names;
}

type Constants = Readonly<Record<string, string | undefined>>;

class Builder {
  readonly defs = new Map<string, JsonSchema>();
  readonly #names: ReadonlyMap<Members, string>;

  constructor(names: ReadonlyMap<Members, string>) {
    this.#names = names;
  }

  root(type: AnyElement): JsonSchema {
    return this.#shape(type);
  }

  element(type: AnyElement): JsonSchema {
    const name = this.#names.get(type.members);
    return name === undefined ? this.#shape(type) : this.#shared(name, type);
  }

  #shared(name: string, type: AnyElement): JsonSchema {
    if (!this.defs.has(name)) {
      // set first, so that the definition may refer to itself
      this.defs.set(name, {});
      this.defs.set(name, this.#shape(type));
    }
    return { $ref: `#/$defs/${name}` };
  }

  /** What every shape has, and what differs with the value of the discriminant. */
  #shape(type: AnyElement): JsonSchema {
    const discriminant = discriminantOf(type);
    if (discriminant === undefined)
      return {
        description: type.doc,
        type: "object",
        ...this.#fields(planOf(type, undefined).members),
        additionalProperties: false,
      };
    const own = ({ key }: PlannedMember): boolean =>
      key === discriminant.key || type.members[key]?.kind === "choice";
    const common = planOf(type, shapesOf(type)[0]).members.filter((one) => !own(one));
    return {
      description: type.doc,
      type: "object",
      ...this.#fields(common),
      oneOf: shapesOf(type).map((value) =>
        this.#fields(planOf(type, value).members.filter(own), { [discriminant.key]: value }),
      ),
      unevaluatedProperties: false,
    };
  }

  #fields(members: readonly PlannedMember[], constants: Constants = {}): JsonSchema {
    const required = members.filter(({ member }) => member.required).map(({ key }) => key);
    return {
      properties: Object.fromEntries(
        members.map((planned) => [planned.key, this.#property(planned, constants[planned.key])]),
      ),
      ...(required.length === 0 ? {} : { required }),
    };
  }

  #property({ member }: PlannedMember, constant: string | undefined): JsonSchema {
    const { doc, default: otherwise } = member.options;
    const value = constant === undefined ? this.#value(member) : { const: constant };
    return {
      description: doc,
      ...(otherwise === undefined ? {} : { default: otherwise }),
      ...value,
    };
  }

  #value({ kind, scalar, element }: PlannedMember["member"]): JsonSchema {
    if (kind === "flag") return { type: "boolean" };
    if (kind === "raw") return { type: "string", contentMediaType: "application/xml" };
    if (kind === "texts") return { type: "array", items: { ...scalar?.json } };
    if (kind === "children")
      return { type: "array", items: element === undefined ? {} : this.element(element) };
    if (element !== undefined) return this.element(element);
    return scalar === undefined ? { type: "integer", minimum: 0 } : scalar.json;
  }
}
