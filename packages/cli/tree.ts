/** Draws names under their parents in virsh's way; those without a parent are the roots. */
export function formatTree(parents: ReadonlyMap<string, string | undefined>): string {
  const childrenOf = (parent: string | undefined): string[] =>
    [...parents].filter(([, above]) => above === parent).map(([name]) => name);
  return childrenOf(undefined)
    .map((root) => draw(root, childrenOf, ""))
    .join("");
}

/** A name and all below it; `indent` stands before every line but the first. */
function draw(
  name: string,
  childrenOf: (name: string) => readonly string[],
  indent: string,
): string {
  const children = childrenOf(name);
  const below = children.map((child, index) => {
    const last = index === children.length - 1;
    const rest = `${indent}  ${last ? " " : "|"} `;
    const subtree = draw(child, childrenOf, rest);
    const closing = childrenOf(child).length > 0 ? `${rest}    \n` : "";
    return `${indent}  +- ${subtree}${closing}`;
  });
  const bar = children.length > 0 ? `${indent}  |\n` : "";
  return `${name}\n${bar}${below.join("")}`;
}
