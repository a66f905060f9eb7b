import { dumpNode } from "@vireo/model/xml/dump-node";
import { parseXml } from "@vireo/model/xml/parse-xml";
import { type Selected, selectNodes } from "./xpath/select-nodes.ts";

function format(node: Selected): string {
  switch (node.kind) {
    case "element":
      return dumpNode(node.element);
    case "attribute":
      return ` ${node.name}="${node.value}"`;
    case "text":
      return node.value;
  }
}

/** What `--xpath` and `--wrap` leave of a document. */
export function selected(
  xml: string,
  { xpath, wrap }: { readonly xpath: string | undefined; readonly wrap: boolean },
): string {
  if (xpath === undefined) return xml;
  const found = selectNodes(parseXml(xml), xpath);
  if (wrap && found.length === 0) return "<nodes/>\n";
  if (!wrap) return found.map((node) => `${format(node)}\n`).join("");
  const lines = found.flatMap((node) =>
    node.kind === "element" ? dumpNode(node.element, 1).split("\n") : [format(node)],
  );
  const indented = lines.map((line, index) =>
    index === 0 || /^<\w/.test(line) ? `  ${line}` : line,
  );
  return `<nodes>\n${indented.map((line) => `${line}\n`).join("")}</nodes>\n`;
}
