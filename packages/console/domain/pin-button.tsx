import {
  Button,
  Checkbox,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from "@patternfly/react-core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../data/operation.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";

export interface PinButtonProps {
  readonly uuid: string;
  readonly vcpu: number;
  /** By host processor. */
  readonly affinity: readonly boolean[];
}

function Choice({
  uuid,
  vcpu,
  affinity,
  onClose,
}: PinButtonProps & { readonly onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useAct();
  const [allowed, setAllowed] = useState(affinity);
  const cpus = allowed.flatMap((may, cpu) => (may ? [cpu] : []));
  const action = {
    operation: "domain.pinVcpu",
    input: { domain: { uuid }, vcpu, cpus, live: true },
  };
  const title = t("cpu.pinTitle", { vcpu });
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-label={title}>
      <ModalHeader title={title} />
      <ModalBody>
        {allowed.map((may, cpu) => (
          <Checkbox
            key={cpu}
            id={`pin-${vcpu}-${cpu}`}
            label={`${t("cpu.host")} ${cpu}`}
            isChecked={may}
            onChange={(_event, on) => setAllowed(allowed.map((was, at) => (at === cpu ? on : was)))}
          />
        ))}
        <Fault error={error} />
        <Equivalents action={action} />
      </ModalBody>
      <ModalFooter>
        <Button
          isDisabled={cpus.length === 0}
          isLoading={isPending}
          onClick={() => mutate(action, { onSuccess: onClose })}
        >
          {t("cpu.pin")}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

/** Chooses the host processors that a vCPU may run on. */
export function PinButton(props: PinButtonProps): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="secondary"
        size="sm"
        aria-label={`${t("cpu.pin")}: ${t("cpu.pinTitle", { vcpu: props.vcpu })}`}
        onClick={() => setOpen(true)}
      >
        {t("cpu.pin")}
      </Button>
      {open ? <Choice {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
