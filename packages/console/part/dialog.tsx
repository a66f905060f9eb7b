import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something to read, over the page. */
export function Dialog({ title, onClose, children }: DialogProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-label={title}>
      <ModalHeader title={title} />
      <ModalBody tabIndex={0} aria-label={title}>
        <div className="vireo-stack">{children}</div>
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
