import { Button } from "@patternfly/react-core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../data/operation.ts";
import type { DomainSummary } from "../domain/domain-tab.ts";
import { inputOf, possibleVerbs, type LifeVerb } from "../domain/life-actions.ts";
import { EquivalentsList } from "../part/equivalents.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Fault, faultText } from "../part/fault.tsx";

const BULK: readonly LifeVerb[] = ["start", "shutdown", "suspend", "resume"];

interface Failure {
  readonly name: string;
  readonly why: string;
}

export interface BulkBarProps {
  /** Those that are selected. */
  readonly chosen: readonly DomainSummary[];
}

const able = (chosen: readonly DomainSummary[], verb: LifeVerb): readonly DomainSummary[] =>
  chosen.filter(({ state }) => possibleVerbs(state).includes(verb));

/** The same for all that are selected and can; each error belongs to its own domain. */
export function BulkBar({ chosen }: BulkBarProps): ReactElement {
  const { t } = useTranslation();
  const { mutateAsync } = useAct();
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [commands, setCommands] = useState(false);
  const run = async (verb: LifeVerb): Promise<void> => {
    const failed = await Promise.all(
      able(chosen, verb).map(({ uuid, name }) =>
        mutateAsync({ operation: `domain.${verb}`, input: inputOf(verb, uuid) }).then(
          () => [],
          (error: unknown) => [{ name, why: faultText(error) }],
        ),
      ),
    );
    setFailures(failed.flat());
  };
  return (
    <div className="vireo-stack" role="group" aria-label={t("list.bulk")}>
      <div className="vireo-line">
        <span>{t("list.selected", { count: chosen.length })}</span>
        {BULK.map((verb) => (
          <Button
            key={verb}
            variant="secondary"
            size="sm"
            isDisabled={able(chosen, verb).length === 0}
            onClick={() => void run(verb)}
          >
            {t(`action.${verb}`)}
          </Button>
        ))}
        <Button variant="link" isInline onClick={() => setCommands(true)}>
          {t("action.sameAs")}
        </Button>
      </div>
      {failures.map(({ name, why }) => (
        <Fault key={name} error={`${name}: ${why}`} />
      ))}
      {commands ? (
        <Dialog title={t("action.same")} onClose={() => setCommands(false)}>
          {BULK.flatMap((verb) =>
            able(chosen, verb).map(({ name }) => (
              <EquivalentsList
                key={`${verb} ${name}`}
                action={{ operation: `domain.${verb}`, input: { domain: { name } } }}
              />
            )),
          )}
        </Dialog>
      ) : null}
    </div>
  );
}
