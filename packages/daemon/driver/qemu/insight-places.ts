/** The places of a domain, found by path. */
import { isWithin } from "@vireo/model/domain/explain-path";
import type { Place } from "@vireo/model/domain/explain-places";

/** The first of several is the one without a number. */
const keyOf = (path: string): string => path.replaceAll("[1]", "");

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

const isPartOfElement = (path: string): boolean => /\/(@[^/]*|text\(\))$/.test(path);

export class PlaceIndex {
  readonly #places: readonly Place[];
  readonly #byKey: ReadonlyMap<string, Place>;
  readonly #byElement = new Map<string, Place[]>();

  constructor(places: readonly Place[]) {
    this.#places = places;
    this.#byKey = new Map(places.map((place) => [keyOf(place.path), place]));
    for (const place of places) {
      const element = isPartOfElement(place.path) ? parentOf(place.path) : place.path;
      this.#byElement.set(element, [...(this.#byElement.get(element) ?? []), place]);
    }
  }

  /** The element, its attributes and its text. */
  at(element: string): readonly Place[] {
    return this.#byElement.get(element) ?? [];
  }

  /** What XML says there. */
  text(path: string): string | undefined {
    return this.#byKey.get(keyOf(path))?.text;
  }

  /** The place an origin names, or the nearest one above it. */
  anchor(origin: string): string {
    if (origin.includes("[@")) {
      const found = this.#places.find(({ path }) => isWithin(path, origin, (at) => this.text(at)));
      if (found !== undefined) return found.path;
    }
    for (let path = origin; path !== ""; path = parentOf(path)) {
      const found = this.#byKey.get(keyOf(path));
      if (found !== undefined) return found.path;
    }
    return "/domain";
  }
}
