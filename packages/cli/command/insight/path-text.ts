/** What `net-why` prints: each part of the way, and what stops packets on it. */
import type { OperationOutput } from "@vireo/model/operation/operations";

type Paths = OperationOutput<"domain", "networkPath">;
type Path = Paths[number];

const SIGN: Readonly<Record<Path["steps"][number]["state"], string>> = {
  passes: " ",
  limits: "~",
  drops: "!",
};
const PART_WIDTH = 9;

const verdict = ({ steps }: Path): string => {
  const first = steps.find(({ state }) => state === "drops");
  if (first === undefined) return "Nothing stops its packets";
  const mend = first.mend === undefined ? "" : `\nMend it by: ${first.mend}`;
  return `Stopped by: ${first.text}${mend}`;
};

const pathText = (path: Path): string =>
  [
    `${path.interface} ${path.mac}`,
    ...path.steps.map(
      ({ part, state, text }) => `${SIGN[state]} ${part.padEnd(PART_WIDTH)} ${text}`,
    ),
    verdict(path),
  ].join("\n");

export const pathsText = (paths: Paths): string => `${paths.map(pathText).join("\n\n")}\n`;
