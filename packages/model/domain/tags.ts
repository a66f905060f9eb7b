/** Words by which people find their domains, kept in `<metadata>` so that they travel with the definition. */
import { parseXml } from "../xml/parse-xml.ts";
import type { Domain } from "./domain.ts";
import { TAGS_URI } from "./tags-element.ts";

/** The tags of a domain, in their order; none when there is no such element. */
export function tagsOf({ metadata }: Pick<Domain, "metadata">): readonly string[] {
  if (metadata?.includes(TAGS_URI) !== true) return [];
  const element = parseXml(metadata).children.find(({ namespace }) => namespace === TAGS_URI);
  const words = element?.children.map(({ text }) => text.trim()) ?? [];
  return words.filter((word) => word !== "");
}

/** How a list shows a domain beside its name. */
export const labelsOf = (
  domain: Pick<Domain, "title" | "metadata">,
): { readonly title?: string; readonly tags: readonly string[] } => ({
  ...(domain.title === undefined ? {} : { title: domain.title }),
  tags: tagsOf(domain),
});
