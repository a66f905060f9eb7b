import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useId, useState, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAct, type Action } from "../data/operation.ts";
import { Equivalents } from "./equivalents.tsx";
import { Fault } from "./fault.tsx";
import { TextField } from "./field.tsx";

export interface PromptProps {
  readonly title: string;
  /** What is asked of the daemon. */
  readonly action: Action;
  readonly confirm: string;
  readonly isDanger?: boolean;
  /** Must be typed before it is done. */
  readonly name?: string;
  /** Whether something is still missing. */
  readonly isIncomplete?: boolean;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** A question before something is done; it stays open with the reason when it fails. */
export function Prompt(props: PromptProps): ReactElement {
  const { title, action, confirm, isDanger = false, isIncomplete = false, name, onClose } = props;
  const { t } = useTranslation();
  const { mutate, isPending, error } = useAct();
  const [typed, setTyped] = useState("");
  const id = useId();
  const isReady = !isPending && !isIncomplete && (name === undefined || typed === name);
  return (
    <Modal
      isOpen
      onClose={onClose}
      variant="small"
      aria-label={title}
      {...(name === undefined ? {} : { elementToFocus: `#${id}-name` })}
    >
      <ModalHeader title={title} />
      <ModalBody>
        <form
          id={id}
          className="vireo-stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (isReady) mutate(action, { onSuccess: onClose });
          }}
        >
          {props.children}
          {name === undefined ? null : (
            <TextField
              id={`${id}-name`}
              label={t("undefine.type", { name })}
              placeholder={name}
              value={typed}
              onChange={setTyped}
            />
          )}
          <Fault error={error} />
          <div>
            <Equivalents action={action} />
          </div>
        </form>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={id}
          variant={isDanger ? "danger" : "primary"}
          isLoading={isPending}
          isDisabled={!isReady}
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
