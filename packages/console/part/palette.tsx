import {
  Button,
  Modal,
  ModalBody,
  ModalHeader,
  SearchInput,
  Menu,
  MenuContent,
  MenuItem,
  MenuList,
} from "@patternfly/react-core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState, type KeyboardEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAct, useAsk, type Action } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import type { DomainSummary } from "../domain/domain-tab.ts";
import { inputOf, isDestructive, possibleVerbs } from "../domain/life-actions.ts";
import { FaultLink } from "./fault-link.tsx";
import { PAGES } from "../screen/pages.ts";

interface Target {
  readonly key: string;
  readonly text: string;
  readonly go: () => void;
}

const SHOWN = 12;
const INPUT = "palette-input";

interface Doing {
  readonly close: () => void;
  readonly act: (action: Action) => void;
}

function useTargets({ close, act }: Doing): readonly Target[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { readOnly } = useSession();
  const { data: domains = [] } = useAsk(["domain", "list"], {});
  const pages = PAGES.map(({ to, label }) => ({
    key: to,
    text: t(label),
    go: () => {
      close();
      void navigate({ to });
    },
  }));
  const actionsOn = ({ name, uuid, state }: DomainSummary): readonly Target[] =>
    possibleVerbs(state)
      .filter((verb) => !isDestructive(verb))
      .map((verb) => ({
        key: `${verb} ${name}`,
        text: t("action.of", { action: t(`action.${verb}`), name }),
        go: () => {
          close();
          // where its state is seen, and its error is told
          void navigate({ to: "/domains/$name", params: { name } });
          act({ operation: `domain.${verb}`, input: inputOf(verb, uuid) });
        },
      }));
  const each = domains.map(({ name }) => ({
    key: `domain ${name}`,
    text: name,
    go: () => {
      close();
      void navigate({ to: "/domains/$name", params: { name } });
    },
  }));
  const doing = readOnly ? [] : domains.flatMap(actionsOn);
  return [...pages, ...each, ...doing];
}

function PaletteBody(doing: Doing): ReactElement {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const targets = useTargets(doing);
  const fitting = targets
    .filter(({ text }) => text.toLowerCase().includes(typed.toLowerCase()))
    .slice(0, SHOWN);
  const enter = ({ key }: KeyboardEvent): void => {
    if (key === "Enter") fitting[0]?.go();
  };
  return (
    <>
      <SearchInput
        searchInputId={INPUT}
        aria-label={t("palette.label")}
        placeholder={t("palette.placeholder")}
        value={typed}
        onChange={(_event, value) => setTyped(value)}
        onKeyDown={enter}
      />
      <Menu isPlain>
        <MenuContent>
          <MenuList>
            {fitting.map(({ key, text, go }) => (
              <MenuItem key={key} onClick={go}>
                {text}
              </MenuItem>
            ))}
            {fitting.length === 0 ? <MenuItem isDisabled>{t("palette.none")}</MenuItem> : null}
          </MenuList>
        </MenuContent>
      </Menu>
    </>
  );
}

/** Ctrl-K: go anywhere by typing. */
export function Palette(): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  const { mutate, error, reset } = useAct();
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  return (
    <>
      <FaultLink error={error} onRead={reset} />
      <Button variant="control" onClick={() => setOpen(true)}>
        {t("palette.label")} <kbd className="vireo-wide">Ctrl-K</kbd>
      </Button>
      <Modal
        isOpen={open}
        onClose={close}
        variant="small"
        aria-label={t("palette.label")}
        elementToFocus={`#${INPUT}`}
      >
        <ModalHeader title={t("palette.label")} />
        <ModalBody>{open ? <PaletteBody close={close} act={mutate} /> : null}</ModalBody>
      </Modal>
    </>
  );
}
