/** Places in a domain's XML, written as XPath: `/domain/devices/disk[2]/driver/@cache`. */
import { namespaceOf, type PlannedMember } from "../schema/element.ts";
import type { MemberKind } from "../schema/declaration.ts";

const PREFIXES: Readonly<Record<string, string>> = {
  "http://libvirt.org/schemas/domain/qemu/1.0": "qemu:",
};

/** Members of which there may be several; their places are numbered, from 1. */
const isList = (kind: MemberKind): boolean => kind === "children" || kind === "texts";

/** The place of a member of the element at `parent`; `at` is its position in the model, from 0. */
export function memberPath(parent: string, { member, xmlName }: PlannedMember, at = 0): string {
  const { kind } = member;
  if (kind === "attr" || kind === "discriminant" || kind === "scaledAttr")
    return `${parent}/@${xmlName}`;
  if (kind === "content" || kind === "scaledContent") return `${parent}/text()`;
  const name = `${PREFIXES[namespaceOf(member)] ?? ""}${xmlName}`;
  return `${parent}/${name}${isList(kind) ? `[${at + 1}]` : ""}`;
}

interface Step {
  readonly name: string;
  readonly position: number | undefined;
  /** `[@type='fdc']` */
  readonly where: { readonly attribute: string; readonly value: string } | undefined;
}

const STEP = /^([^[]+)(?:\[(?:(\d+)|@([\w-]+)=['"]?([^'"\]]*)['"]?)\])?$/;

function stepOf(text: string): Step {
  const [, name = text, position, attribute, value = ""] = STEP.exec(text) ?? [];
  return {
    name,
    position: position === undefined ? undefined : Number(position),
    where: attribute === undefined ? undefined : { attribute, value },
  };
}

/** Accepts `disk@cache` for `disk/@cache`, and a path without `/domain` at its front. */
function stepsOf(path: string): readonly Step[] {
  const full = path.startsWith("/domain") ? path : `/domain/${path.replace(/^\/+/, "")}`;
  const parts = full.replaceAll(/([^/[])@/g, "$1/@").split(/\/(?![^[]*\])/);
  return parts.filter((part) => part !== "").map(stepOf);
}

/** The text of an attribute of the element at a place. */
export type AttributeOf = (path: string) => string | undefined;

function fits(asked: Step, place: Step, attribute: () => string | undefined): boolean {
  if (asked.name !== place.name) return false;
  if (asked.where !== undefined) return attribute() === asked.where.value;
  return asked.position === undefined || asked.position === (place.position ?? 1);
}

/**
 * Whether `place` is at or below what `asked` names. A step of `asked` without position means
 * every one; `[@name='text']` is understood.
 */
export function isWithin(place: string, asked: string, attributeOf: AttributeOf): boolean {
  const wanted = stepsOf(asked);
  const steps = stepsOf(place);
  if (steps.length < wanted.length) return false;
  const parts = place.split("/");
  return wanted.every((one, at) => {
    const step = steps[at];
    if (step === undefined) return false;
    const upTo = parts.slice(0, at + 2).join("/");
    return fits(one, step, () => attributeOf(`${upTo}/@${one.where?.attribute ?? ""}`));
  });
}
