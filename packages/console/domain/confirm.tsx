import {
  Button,
  List,
  ListItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from "@patternfly/react-core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { diskPaths } from "./disk-paths.ts";
import { inputOf, type LifeVerb } from "./life-actions.ts";

export interface ConfirmProps {
  readonly verb: LifeVerb;
  readonly name: string;
  readonly uuid: string;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

/** What is lost and what stays, before anything is lost; deleting asks for the name. */
export function Confirm({ verb, name, uuid, onClose, onConfirm }: ConfirmProps): ReactElement {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const deleting = verb === "undefine";
  const { data: xml } = useAsk(["domain", "xml"], { domain: { uuid } }, { enabled: deleting });
  return (
    <Modal isOpen onClose={onClose} variant="small" aria-label={t(`action.${verb}`)}>
      <ModalHeader
        title={deleting ? t("undefine.title", { name }) : `${t(`action.${verb}`)}: ${name}`}
      />
      <ModalBody>
        <p>{t(deleting ? "undefine.what" : "destroy.what")}</p>
        {deleting ? (
          <>
            <List>
              {diskPaths(xml ?? "").map((path) => (
                <ListItem key={path}>{path}</ListItem>
              ))}
            </List>
            <TextInput
              aria-label={t("undefine.type")}
              placeholder={name}
              value={typed}
              onChange={(_event, value) => setTyped(value)}
            />
          </>
        ) : null}
        <Equivalents action={{ operation: `domain.${verb}`, input: inputOf(verb, uuid) }} />
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" isDisabled={deleting && typed !== name} onClick={onConfirm}>
          {t(`action.${verb}`)}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
