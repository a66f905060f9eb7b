/** How tags are written; apart from reading them, for browsers write only. */

/** Namespace of the metadata element. */
export const TAGS_URI = "https://vireo.dev/xmlns/tags/1";
export const TAGS_PREFIX = "vireo";

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The element for `domain.setMetadata`, without namespace; undefined takes it away. */
export const tagsElement = (tags: readonly string[]): string | undefined =>
  tags.length === 0
    ? undefined
    : `<tags>${tags.map((tag) => `<tag>${escaped(tag)}</tag>`).join("")}</tags>`;
