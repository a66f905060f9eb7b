import { Button, Form, ActionGroup } from "@patternfly/react-core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../data/operation.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";
import { ChoiceField, TextField } from "../part/field.tsx";
import { volumeXml } from "./volume-xml.ts";

const GIB = 1024 ** 3;
const FORMATS = ["qcow2", "raw"] as const;

export function NewVolume({ pool }: { readonly pool: string }): ReactElement {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useAct();
  const [name, setName] = useState("");
  const [size, setSize] = useState("10");
  const [format, setFormat] = useState<string>(FORMATS[0]);
  const bytes = Math.round(Number(size) * GIB);
  const action = {
    operation: "storageVolume.create",
    input: { pool: { name: pool }, xml: volumeXml({ name, bytes, format }) },
  };
  return (
    <Form
      className="vireo-form"
      onSubmit={(event) => {
        event.preventDefault();
        mutate(action, { onSuccess: () => setName("") });
      }}
    >
      <div className="vireo-grid">
        <TextField id="volume-name" label={t("list.name")} value={name} onChange={setName} />
        <TextField
          id="volume-size"
          type="number"
          label={t("create.size")}
          value={size}
          onChange={setSize}
        />
        <ChoiceField
          id="volume-format"
          label={t("storage.format")}
          value={format}
          options={FORMATS.map((one) => [one, one])}
          onChange={setFormat}
        />
      </div>
      <Fault error={error} />
      <ActionGroup>
        <Button type="submit" isLoading={isPending} isDisabled={name === "" || !(bytes > 0)}>
          {t("storage.newVolume")}
        </Button>
        <Equivalents action={action} />
      </ActionGroup>
    </Form>
  );
}
