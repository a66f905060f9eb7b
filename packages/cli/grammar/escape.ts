/** Quotes a word for a POSIX shell, as little as possible. */
export function escapeShell(word: string): string {
  if (word === "") return "''";
  return /[\s!"#$&'()*;<>?[\\\]^`{|}~]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word;
}

const xmlEntities: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&apos;",
  '"': "&quot;",
};

/** Escapes text for XML content and attribute values. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>'"]/g, (character) => xmlEntities[character] ?? character);
