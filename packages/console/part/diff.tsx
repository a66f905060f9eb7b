import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { around, lineDiff, type DiffLine } from "../data/line-diff.ts";

export interface DiffProps {
  readonly old: string;
  readonly now: string;
  readonly label: string;
}

const SIGNS: Readonly<Record<DiffLine["side"], string>> = { same: "  ", old: "- ", new: "+ " };

/** What changed between two texts. */
export function Diff({ old, now, label }: DiffProps): ReactElement {
  const { t } = useTranslation();
  const lines = lineDiff(old, now);
  if (lines.every(({ side }) => side === "same"))
    return <p className="vireo-quiet">{t("history.same")}</p>;
  return (
    <div className="vireo-diff" role="group" aria-label={label}>
      {around(lines).map((line, at) =>
        line === undefined ? (
          <div key={at} className="vireo-quiet">
            {"⋯"}
          </div>
        ) : (
          <div key={at} data-side={line.side}>
            {SIGNS[line.side]}
            {line.text}
          </div>
        ),
      )}
    </div>
  );
}
