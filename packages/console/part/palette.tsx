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
import { useAsk } from "../data/operation.ts";
import { PAGES } from "../screen/pages.ts";

interface Target {
  readonly key: string;
  readonly text: string;
  readonly go: () => void;
}

const SHOWN = 12;

function useTargets(close: () => void): readonly Target[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: domains = [] } = useAsk(["domain", "list"], {});
  const pages = PAGES.map(({ to, label }) => ({
    key: to,
    text: t(label),
    go: () => {
      close();
      void navigate({ to });
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
  return [...pages, ...each];
}

function PaletteBody({ close }: { readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const targets = useTargets(close);
  const fitting = targets
    .filter(({ text }) => text.toLowerCase().includes(typed.toLowerCase()))
    .slice(0, SHOWN);
  const enter = ({ key }: KeyboardEvent): void => {
    if (key === "Enter") fitting[0]?.go();
  };
  return (
    <>
      <SearchInput
        autoFocus
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
      <Button variant="control" onClick={() => setOpen(true)}>
        {t("palette.label")} <kbd className="vireo-wide">Ctrl-K</kbd>
      </Button>
      <Modal isOpen={open} onClose={close} variant="small" aria-label={t("palette.label")}>
        <ModalHeader title={t("palette.label")} />
        <ModalBody>{open ? <PaletteBody close={close} /> : null}</ModalBody>
      </Modal>
    </>
  );
}
