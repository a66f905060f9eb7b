import { Button, TextArea } from "@patternfly/react-core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { Equivalents } from "./equivalents.tsx";
import { Fault } from "./fault.tsx";

export interface XmlDefineProps {
  readonly operation: string;
  readonly label: string;
  readonly template: string;
}

/** Makes an object known from its XML. */
export function XmlDefine({ operation, label, template }: XmlDefineProps): ReactElement | null {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const { mutate, isPending, error } = useAct();
  const [xml, setXml] = useState<string>();
  if (readOnly) return null;
  if (xml === undefined)
    return (
      <div>
        <Button variant="primary" onClick={() => setXml(template)}>
          {label}
        </Button>
      </div>
    );
  const action = { operation, input: { xml } };
  return (
    <div className="vireo-stack vireo-form">
      <TextArea
        aria-label={`${label}: XML`}
        className="vireo-mono"
        rows={10}
        value={xml}
        onChange={(_event, typed) => setXml(typed)}
      />
      <Fault error={error} />
      <div className="vireo-line">
        <Button
          isLoading={isPending}
          onClick={() => mutate(action, { onSuccess: () => setXml(undefined) })}
        >
          {t("action.save")}
        </Button>
        <Button variant="link" onClick={() => setXml(undefined)}>
          {t("action.cancel")}
        </Button>
        <Equivalents action={action} />
      </div>
    </div>
  );
}
