import type { XmlElement } from "@vireo/model/xml/tree";
import { type Path, parseXpath, type Predicate, type Step } from "./parse-xpath.ts";

/** What an expression can select. */
export type Selected =
  | {
      readonly kind: "element";
      readonly element: XmlElement;
      readonly parent: Selected | undefined;
    }
  | {
      readonly kind: "attribute";
      readonly name: string;
      readonly value: string;
      readonly parent: Selected;
    }
  | { readonly kind: "text"; readonly value: string; readonly parent: Selected };

/** The document above its root element is told apart by having no parent. */
interface Document {
  readonly kind: "document";
  readonly root: Selected;
}

type Place = Selected | Document;

/**
 * The nodes an expression selects, in the order of the document, each once.
 * @throws XpathError for an expression that is not understood
 */
export function selectNodes(root: XmlElement, expression: string): readonly Selected[] {
  const document: Document = {
    kind: "document",
    root: { kind: "element", element: root, parent: undefined },
  };
  const found = parseXpath(expression).flatMap((path) => follow(path, document, document));
  const seen = new Set<string>();
  return found.filter((node) => {
    const key = keyOf(node);
    return !seen.has(key) && seen.add(key);
  });
}

/** Elements are known by their place in the text. */
function keyOf(node: Selected): string {
  switch (node.kind) {
    case "element":
      return `e${node.element.start}`;
    case "attribute":
      return `${keyOf(node.parent)}@${node.name}`;
    case "text":
      return `${keyOf(node.parent)}#${node.value}`;
  }
}

function follow(path: Path, from: Place, document: Document): Selected[] {
  let places: Place[] = [path.absolute ? document : from];
  for (const step of path.steps)
    places = places.flatMap((place) => takeStep(step, place, document));
  return places.filter((place) => place.kind !== "document");
}

function takeStep(step: Step, place: Place, document: Document): Selected[] {
  // below `//` positions count among the children of one parent, as in `//disk[1]`
  const parents = step.axis === "descendant" ? [place, ...below(place)] : [place];
  return parents.flatMap((parent) =>
    step.predicates.reduce(
      (nodes, predicate) =>
        nodes.filter((node, index) =>
          holds(predicate, { node, index, size: nodes.length }, document),
        ),
      candidates(step, parent),
    ),
  );
}

function candidates({ axis, test }: Step, place: Place): Selected[] {
  if (axis === "self") return place.kind === "document" ? [] : [place];
  if (axis === "parent")
    return place.kind !== "document" && place.parent !== undefined ? [place.parent] : [];
  if (axis === "attribute") return attributes(place, test);
  if (test === "text()") return texts(place);
  return children(place).filter(
    ({ element }) => test === "*" || test === "node()" || qualified(element) === test,
  );
}

const qualified = ({ prefix, name }: XmlElement): string =>
  prefix === "" ? name : `${prefix}:${name}`;

type SelectedElement = Selected & { readonly kind: "element" };

function children(place: Place): SelectedElement[] {
  if (place.kind === "document") return place.root.kind === "element" ? [place.root] : [];
  if (place.kind !== "element") return [];
  return place.element.children.map((element) => ({ kind: "element", element, parent: place }));
}

const below = (place: Place): Selected[] =>
  children(place).flatMap((child) => [child, ...below(child)]);

function attributes(place: Place, test: string): Selected[] {
  if (place.kind !== "element") return [];
  return [...place.element.attributes]
    .filter(([name]) => test === "*" || name === test)
    .map(([name, value]) => ({ kind: "attribute", name, value, parent: place }));
}

function texts(place: Place): Selected[] {
  if (place.kind !== "element") return [];
  return place.element.nodes
    .filter((node) => node.kind === "text" || node.kind === "cdata")
    .map(({ text }) => ({ kind: "text", value: text, parent: place }));
}

interface Candidate {
  readonly node: Selected;
  readonly index: number;
  readonly size: number;
}

function holds(predicate: Predicate, candidate: Candidate, document: Document): boolean {
  switch (predicate.kind) {
    case "position": {
      const wanted = predicate.position === "last" ? candidate.size : predicate.position;
      return candidate.index + 1 === wanted;
    }
    case "exists":
      return follow(predicate.path, candidate.node, document).length > 0;
    case "equals":
      return follow(predicate.path, candidate.node, document).some(
        (node) => (textOf(node) === predicate.text) !== predicate.not,
      );
    case "both":
      return predicate.parts.every((part) => holds(part, candidate, document));
    case "either":
      return predicate.parts.some((part) => holds(part, candidate, document));
  }
}

function textOf(node: Selected): string {
  if (node.kind !== "element") return node.value;
  return allText(node.element);
}

const allText = (element: XmlElement): string =>
  element.nodes
    .map((node) =>
      node.kind === "element"
        ? allText(node)
        : node.kind === "text" || node.kind === "cdata"
          ? node.text
          : "",
    )
    .join("");
