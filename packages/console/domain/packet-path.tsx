import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";

type Step = OperationOutput<"domain", "networkPath">[number]["steps"][number];

/** The way of packets, from the card outwards: what lets them pass, what limits, what stops them. */
export function PacketPath({
  steps,
  label,
}: {
  readonly steps: readonly Step[];
  readonly label: string;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <ol className="vireo-way" aria-label={label}>
      {steps.map(({ part, state, text, mend }) => (
        <li key={`${part} ${text}`} className="vireo-step" data-state={state}>
          <strong>{t(`nic.part.${part}`)}</strong>{" "}
          <span className="vireo-quiet">{t(`nic.state.${state}`)}</span>
          <div>{text}</div>
          {mend !== undefined && <code>{mend}</code>}
        </li>
      ))}
    </ol>
  );
}
