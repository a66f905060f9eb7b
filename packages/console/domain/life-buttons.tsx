import {
  Button,
  Dropdown,
  DropdownItem,
  DropdownList,
  MenuToggle,
  Tooltip,
} from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { DomainStateName } from "@vireo/model/operation/domain-value";
import { useAct } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { faultText } from "../part/fault.tsx";
import { Confirm } from "./confirm.tsx";
import { inputOf, isDestructive, possibleVerbs, type LifeVerb } from "./life-actions.ts";

export interface LifeButtonsProps {
  readonly name: string;
  readonly uuid: string;
  readonly state: DomainStateName;
}

interface MoreProps {
  readonly name: string;
  readonly verbs: readonly LifeVerb[];
  readonly choose: (verb: LifeVerb) => void;
}

function More({ name, verbs, choose }: MoreProps): ReactElement {
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
          aria-label={`${t("action.more")}: ${name}`}
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
      </DropdownList>
    </Dropdown>
  );
}

/** The likely next action as a button, the others behind it; an error stays with its domain. */
export function LifeButtons({ name, uuid, state }: LifeButtonsProps): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const { mutate, isPending, error, reset } = useAct();
  const [asked, setAsked] = useState<LifeVerb>();
  const [first, ...more] = possibleVerbs(state);
  const run = (verb: LifeVerb): void => {
    setAsked(undefined);
    mutate({ operation: `domain.${verb}`, input: inputOf(verb, uuid) });
  };
  const choose = (verb: LifeVerb): void => (isDestructive(verb) ? setAsked(verb) : run(verb));
  if (readOnly) return <span />;
  return (
    <span>
      {error === null ? null : (
        <Tooltip content={faultText(error)}>
          <Button variant="link" isDanger onClick={reset} aria-label={faultText(error)}>
            {t("error.title")}
          </Button>
        </Tooltip>
      )}
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
      {more.length === 0 ? null : <More name={name} verbs={more} choose={choose} />}
      {asked === undefined ? null : (
        <Confirm
          verb={asked}
          name={name}
          uuid={uuid}
          onClose={() => setAsked(undefined)}
          onConfirm={() => run(asked)}
        />
      )}
    </span>
  );
}
