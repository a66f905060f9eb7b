import { Checkbox } from "@patternfly/react-core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { PromptButton } from "../part/prompt-button.tsx";

export interface PinButtonProps {
  readonly uuid: string;
  readonly vcpu: number;
  /** By host processor. */
  readonly affinity: readonly boolean[];
}

/** Chooses the host processors that a vCPU may run on. */
export function PinButton({ uuid, vcpu, affinity }: PinButtonProps): ReactElement {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<readonly boolean[]>();
  const allowed = chosen ?? affinity;
  const cpus = allowed.flatMap((may, cpu) => (may ? [cpu] : []));
  return (
    <PromptButton
      title={t("cpu.pinTitle", { vcpu })}
      label={t("action.of", { action: t("cpu.pin"), name: t("cpu.pinTitle", { vcpu }) })}
      action={{
        operation: "domain.pinVcpu",
        input: { domain: { uuid }, vcpu, cpus, live: true },
      }}
      confirm={t("cpu.pin")}
      isIncomplete={cpus.length === 0}
    >
      {allowed.map((may, cpu) => (
        <Checkbox
          key={cpu}
          id={`pin-${vcpu}-${cpu}`}
          label={t("cpu.processor", { cpu })}
          isChecked={may}
          onChange={(_event, on) => setChosen(allowed.map((was, at) => (at === cpu ? on : was)))}
        />
      ))}
    </PromptButton>
  );
}
