/** What `plan` and `apply` print: each change, its old and new value, and when it takes effect. */
import type { OperationOutput } from "@vireo/model/operation/operations";

export type Plan = OperationOutput<"domain", "plan">;
type Change = Plan["changes"][number];

const WHEN: Readonly<Record<Change["impact"], string>> = {
  live: "at once",
  nextBoot: "at next boot",
  replace: "not without replacing the domain",
};
const SIGN: Readonly<Record<Change["kind"], string>> = { added: "+", removed: "-", changed: "~" };

const indented = (sign: string, text: string | undefined): string =>
  text === undefined
    ? ""
    : text
        .split("\n")
        .map((line) => `      ${sign} ${line}\n`)
        .join("");

const changeText = (change: Change): string =>
  `${SIGN[change.kind]} ${change.path}\n    ${WHEN[change.impact]}: ${change.why}\n` +
  indented("-", change.old) +
  indented("+", change.new);

/** The changes one after the other; `sentence` tells how many there are. */
export const planText = ({ changes }: Plan, sentence: string): string =>
  `${changes.map(changeText).join("")}${sentence}\n`;

/** "3 changes: 1 at once, 2 at next boot" */
export function countText({ changes }: Plan): string {
  if (changes.length === 0) return "No changes";
  const counts = (["live", "nextBoot", "replace"] as const)
    .map((impact) => [changes.filter((one) => one.impact === impact).length, WHEN[impact]] as const)
    .filter(([count]) => count > 0)
    .map(([count, when]) => `${count} ${when}`);
  return `${changes.length} ${changes.length === 1 ? "change" : "changes"}: ${counts.join(", ")}`;
}
