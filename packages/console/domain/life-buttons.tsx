import { Button, Dropdown, DropdownItem, DropdownList, MenuToggle } from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { DomainStateName } from "@vireo/model/operation/domain-value";
import { useAct } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { EquivalentsList } from "../part/equivalents.tsx";
import { Dialog } from "../part/dialog.tsx";
import { FaultLink } from "../part/fault-link.tsx";
import { inputOf, isDestructive, possibleVerbs, type LifeVerb } from "./life-actions.ts";
import { LifePrompt } from "./life-prompt.tsx";

export interface LifeButtonsProps {
  readonly name: string;
  readonly uuid: string;
  readonly state: DomainStateName;
}

interface MoreProps {
  readonly name: string;
  readonly verbs: readonly LifeVerb[];
  readonly choose: (verb: LifeVerb) => void;
  readonly showCommands: () => void;
}

function More({ name, verbs, choose, showCommands }: MoreProps): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: "right" }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plain"
          aria-label={t("action.of", { action: t("action.more"), name })}
          isExpanded={open}
          onClick={() => setOpen(!open)}
        >
          <EllipsisVIcon />
        </MenuToggle>
      )}
    >
      <DropdownList>
        {verbs.map((verb) => (
          <DropdownItem key={verb} isDanger={isDestructive(verb)} onClick={() => choose(verb)}>
            {t(`action.${verb}`)}
          </DropdownItem>
        ))}
        <DropdownItem onClick={showCommands}>{t("action.commands")}</DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}

interface CommandsProps extends LifeButtonsProps {
  readonly onClose: () => void;
}

/** Each thing that can be done now, in its other forms. */
function Commands({ name, uuid, state, onClose }: CommandsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Dialog title={t("action.of", { action: t("action.commands"), name })} onClose={onClose}>
      {possibleVerbs(state).map((verb) => (
        <section key={verb} className="vireo-stack" aria-label={t(`action.${verb}`)}>
          <strong>{t(`action.${verb}`)}</strong>
          <EquivalentsList
            action={{
              operation: `domain.${verb}`,
              input: { ...inputOf(verb, uuid), domain: { name } },
            }}
          />
        </section>
      ))}
    </Dialog>
  );
}

/** The likely next action as a button, the others behind it; an error stays with its domain. */
export function LifeButtons({ name, uuid, state }: LifeButtonsProps): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const { mutate, isPending, error, reset } = useAct();
  const [asked, setAsked] = useState<LifeVerb>();
  const [commands, setCommands] = useState(false);
  const [first, ...more] = possibleVerbs(state);
  const choose = (verb: LifeVerb): void =>
    isDestructive(verb)
      ? setAsked(verb)
      : mutate({ operation: `domain.${verb}`, input: inputOf(verb, uuid) });
  if (readOnly) return <span />;
  return (
    <span className="vireo-life">
      <FaultLink error={error} onRead={reset} />
      {first === undefined ? null : (
        <Button
          variant="secondary"
          size="sm"
          isLoading={isPending}
          isDisabled={isPending}
          onClick={() => choose(first)}
        >
          {t(`action.${first}`)}
        </Button>
      )}
      <More name={name} verbs={more} choose={choose} showCommands={() => setCommands(true)} />
      {commands ? (
        <Commands name={name} uuid={uuid} state={state} onClose={() => setCommands(false)} />
      ) : null}
      {asked === undefined ? null : (
        <LifePrompt verb={asked} name={name} uuid={uuid} onClose={() => setAsked(undefined)} />
      )}
    </span>
  );
}
