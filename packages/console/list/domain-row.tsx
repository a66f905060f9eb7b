import { Checkbox } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import { memo, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { kibText, percentText } from "../data/bytes.ts";
import type { Usage } from "../data/usage.ts";
import type { DomainSummary } from "../domain/domain-tab.ts";
import { LifeButtons } from "../domain/life-buttons.tsx";
import { Sparkline } from "../part/sparkline.tsx";
import { StateLabel } from "../part/state-label.tsx";
import { TagLabels } from "../part/tag-labels.tsx";

export interface DomainRowProps {
  readonly domain: DomainSummary;
  readonly usage: Usage | undefined;
  /** Pixels from the top of the list. */
  readonly top: number;
  /** Counted from 2: the head is the first. */
  readonly index: number;
  readonly selected: boolean;
  readonly onSelect: (uuid: string, selected: boolean) => void;
}

function Figures({ usage }: { readonly usage: Usage | undefined }): ReactElement {
  const { t } = useTranslation();
  const line = (of: "cpu" | "steal"): ReactElement | string =>
    usage === undefined ? (
      "–"
    ) : (
      <Sparkline
        values={usage[of]}
        max={1}
        label={`${t(`list.${of}`)}: ${percentText(usage[of].at(-1) ?? 0)}`}
      />
    );
  return (
    <>
      <span role="cell" className="vireo-wide">
        {usage === undefined ? "–" : kibText(usage.memoryKiB)}
      </span>
      <span role="cell" className="vireo-wide">
        {line("cpu")}
      </span>
      <span role="cell" className="vireo-wide">
        {line("steal")}
      </span>
    </>
  );
}

/** Drawn again only when something of its own has changed: scrolling moves rows and draws new ones. */
export const DomainRow = memo(function DomainRow(props: DomainRowProps): ReactElement {
  const { domain, usage, top, index, selected, onSelect } = props;
  const { t } = useTranslation();
  const { name, uuid, id, state, title, tags } = domain;
  return (
    <div
      className="vireo-row"
      role="row"
      aria-rowindex={index}
      style={{ position: "absolute", top: 0, left: 0, right: 0, transform: `translateY(${top}px)` }}
    >
      <span role="cell">
        <Checkbox
          id={`select-${uuid}`}
          aria-label={t("list.select", { name })}
          isChecked={selected}
          onChange={(_event, checked) => onSelect(uuid, checked)}
        />
      </span>
      <span role="cell" className="vireo-cut">
        <Link to="/domains/$name" params={{ name }} title={title ?? name}>
          {name}
        </Link>{" "}
        <span className="vireo-quiet">{title}</span>
      </span>
      <span role="cell">
        <StateLabel state={state} />
      </span>
      <span role="cell" className="vireo-wide vireo-cut">
        <TagLabels tags={tags} />
      </span>
      <span role="cell" className="vireo-wide">
        {id ?? "–"}
      </span>
      <Figures usage={usage} />
      <span role="cell">
        <LifeButtons name={name} uuid={uuid} state={state} />
      </span>
    </div>
  );
});
