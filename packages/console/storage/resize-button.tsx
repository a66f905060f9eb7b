import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { TextField } from "../part/field.tsx";
import { PromptButton } from "../part/prompt-button.tsx";

const GIB = 1024 ** 3;

export interface ResizeButtonProps {
  readonly pool: string;
  readonly name: string;
  /** Its capacity now. */
  readonly bytes: number;
}

export function ResizeButton({ pool, name, bytes }: ResizeButtonProps): ReactElement {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string>();
  const size = typed ?? String(bytes / GIB);
  const capacity = Math.round(Number(size) * GIB);
  const input = { volume: { pool, name }, capacity };
  return (
    <PromptButton
      title={t("storage.resize", { name })}
      action={{ operation: "storageVolume.resize", input }}
      confirm={t("storage.resizeDo")}
    >
      <TextField
        id={`size-${name}`}
        type="number"
        label={t("create.size")}
        value={size}
        onChange={setTyped}
      />
    </PromptButton>
  );
}
