/** Which domains a list shows; stands in the URL, so that a filtered list can be kept and sent. */
import type { DomainSummary } from "../domain/domain-tab.ts";

export interface ListFilter {
  readonly name?: string;
  readonly state?: string;
  readonly tag?: string;
}

export const readFilter = (search: Readonly<Record<string, unknown>>): ListFilter => ({
  ...(typeof search["name"] === "string" ? { name: search["name"] } : {}),
  ...(typeof search["state"] === "string" ? { state: search["state"] } : {}),
  ...(typeof search["tag"] === "string" ? { tag: search["tag"] } : {}),
});

type Found = Pick<DomainSummary, "name" | "state" | "tags"> & {
  readonly title?: string | undefined;
};

export const fits =
  ({ name = "", state = "", tag = "" }: ListFilter) =>
  (one: Found): boolean => {
    const words = `${one.name} ${one.title ?? ""}`.toLowerCase();
    return (
      words.includes(name.toLowerCase()) &&
      (state === "" || one.state === state) &&
      (tag === "" || one.tags.includes(tag))
    );
  };

/** Every tag that some domain has, in their order. */
export const allTags = (domains: readonly Pick<DomainSummary, "tags">[]): readonly string[] =>
  [...new Set(domains.flatMap(({ tags }) => tags))].toSorted();
