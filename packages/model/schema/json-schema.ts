/** JSON Schema of an element's value, for OpenAPI and the HTTP door. */
import { discriminantOf, type PlannedMember, planOf } from "./element.ts";
import type { AnyElement, Members } from "./declaration.ts";
import type { JsonSchema } from "./scalar.ts";

/** Draft 2020-12; elements that contain themselves go to `$defs`. */
export function jsonSchema(type: AnyElement): JsonSchema {
  const builder = new Builder();
  const schema = builder.element(type);
  return builder.defs.size === 0 ? schema : { ...schema, $defs: Object.fromEntries(builder.defs) };
}

class Builder {
  readonly defs = new Map<string, JsonSchema>();
  readonly #open = new Set<Members>();

  element(type: AnyElement): JsonSchema {
    // a lazy element is another object than what it stands for, but has the same members
    if (this.#open.has(type.members)) return this.#recursive(type);
    this.#open.add(type.members);
    const schema = this.#shape(type);
    this.#open.delete(type.members);
    return schema;
  }

  #recursive(type: AnyElement): JsonSchema {
    if (!this.defs.has(type.tag)) {
      // set first, so that the definition may refer to itself
      this.defs.set(type.tag, {});
      this.defs.set(type.tag, this.#shape(type));
    }
    return { $ref: `#/$defs/${type.tag}` };
  }

  #shape(type: AnyElement): JsonSchema {
    const discriminant = discriminantOf(type);
    const shapes = (discriminant?.member.values ?? [undefined]).map((value) =>
      this.#object(type, discriminant?.key, value),
    );
    const [only, ...others] = shapes;
    return { description: type.doc, ...(others.length === 0 ? only : { oneOf: shapes }) };
  }

  #object(type: AnyElement, key: string | undefined, value: string | undefined): JsonSchema {
    const { members } = planOf(type, value);
    const properties = members.map((planned) => [
      planned.key,
      this.#property(planned, planned.key === key ? value : undefined),
    ]);
    return {
      type: "object",
      properties: Object.fromEntries(properties),
      required: members.filter(({ member }) => member.required).map((planned) => planned.key),
      additionalProperties: false,
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
