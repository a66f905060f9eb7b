import {
  Button,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from "@patternfly/react-core";
import { useState, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAct, type Action } from "../data/operation.ts";
import { Equivalents } from "./equivalents.tsx";
import { Fault } from "./fault.tsx";

export interface PromptProps {
  readonly title: string;
  /** What is asked of the daemon. */
  readonly action: Action;
  readonly confirm: string;
  readonly isDanger?: boolean;
  /** Must be typed before it is done. */
  readonly name?: string;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** A question before something is done; it stays open with the reason when it fails. */
export function Prompt(props: PromptProps): ReactElement {
  const { title, action, confirm, isDanger = false, name, onClose, children } = props;
  const { t } = useTranslation();
  const { mutate, isPending, error } = useAct();
  const [typed, setTyped] = useState("");
  return (
    <Modal isOpen onClose={onClose} variant="small" aria-label={title}>
      <ModalHeader title={title} />
      <ModalBody>
        {children}
        {name === undefined ? null : (
          <TextInput
            aria-label={t("undefine.type")}
            placeholder={name}
            value={typed}
            onChange={(_event, value) => setTyped(value)}
          />
        )}
        <Fault error={error} />
        <Equivalents action={action} />
      </ModalBody>
      <ModalFooter>
        <Button
          variant={isDanger ? "danger" : "primary"}
          isLoading={isPending}
          isDisabled={isPending || (name !== undefined && typed !== name)}
          onClick={() => mutate(action, { onSuccess: onClose })}
        >
          {confirm}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
