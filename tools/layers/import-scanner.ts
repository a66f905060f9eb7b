/** Finds what a module imports without parsing the language: comments are blanked, then import forms are matched. */

const COMMENT_OR_STRING =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`/g;
const SPECIFIER = /^(?:"[^\s'"`]+"|'[^\s'"`]+')$/;
const STATEMENT = /^[ \t]*(?:import|export)\b(?:[^"'`;]*?\bfrom)?\s*["']([^"'\n]+)["']/gm;
const CALL = /\bimport\s*\(\s*["']([^"'\n]+)["']/g;

/**
 * The specifiers of every static, type-only, re-exporting and dynamic import, in source order.
 */
export function importsOf(source: string): readonly string[] {
  const code = withoutComments(source);
  const found = [...code.matchAll(STATEMENT), ...code.matchAll(CALL)];
  return found
    .toSorted((a, b) => a.index - b.index)
    .flatMap(([, specifier]) => (specifier === undefined ? [] : [specifier]));
}

/** What stands in a template or in a text with spaces or quotes is no specifier: it goes as comments do. */
function withoutComments(source: string): string {
  return source.replace(COMMENT_OR_STRING, (token) =>
    SPECIFIER.test(token) ? token : token.replace(/[^\n]/g, " "),
  );
}
