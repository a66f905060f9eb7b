/** From a change of the model to its place in the XML, and what XML says there. */
import type { Change } from "../schema/diff.ts";
import type { AnyElement } from "../schema/declaration.ts";
import type { PlannedMember } from "../schema/element.ts";
import { format } from "../schema/format.ts";
import { memberPath } from "./explain-path.ts";
import { scalarText } from "./explain-places.ts";
import { membersOf } from "./explain-trace.ts";

export interface ChangedPlace {
  readonly path: string;
  readonly planned: PlannedMember;
  /** Values of the elements around it, the innermost first, each with its path. */
  readonly around: readonly { readonly path: string; readonly value: Model }[];
}

type Model = Readonly<Record<string, unknown>>;
const isModel = (value: unknown): value is Model =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Where `change` is in the XML of `root`, which is the new value, or the old one for what is gone. */
export function placeOfChange(
  type: AnyElement,
  root: unknown,
  { path: keys }: Pick<Change, "path">,
): ChangedPlace | undefined {
  let [element, value, path]: [AnyElement | undefined, unknown, string] = [
    type,
    root,
    `/${type.tag}`,
  ];
  let found: PlannedMember | undefined;
  const around: { path: string; value: Model }[] = [];
  const steps = keys.split("/");
  for (let at = 0; at < steps.length; at += 1) {
    if (element === undefined || !isModel(value)) return undefined;
    around.unshift({ path, value });
    const key = steps[at];
    found = membersOf(element, value).find((one) => one.key === key);
    if (found === undefined) return undefined;
    let held: unknown = value[found.key];
    let position = 0;
    if (found.member.kind === "children" && at + 1 < steps.length) {
      position = Number(steps[at + 1]);
      held = Array.isArray(held) ? held[position] : undefined;
      at += 1;
    }
    path = memberPath(path, found, position);
    [element, value] = [found.member.element, held];
  }
  return (
    found && {
      path,
      planned: found,
      around: isModel(value) ? [{ path, value }, ...around] : around,
    }
  );
}

/** What XML says of a value, without secrets; undefined when there is none. */
export function changedText(planned: PlannedMember, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const { kind, element, options } = planned.member;
  if (options.show === "secure") return "(secret)";
  if (kind === "flag") return value === true ? "present" : undefined;
  if (kind === "raw") return String(value);
  if (kind === "texts") return Array.isArray(value) ? value.join("\n") : undefined;
  return element === undefined ? scalarText(planned, value) : format(element, value).trimEnd();
}
