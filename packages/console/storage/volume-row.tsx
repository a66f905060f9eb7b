import { Td, Tr } from "@patternfly/react-table";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { requestOf, routeOf } from "@vireo/model/operation/route";
import { bytesText } from "../data/bytes.ts";
import { useAsk } from "../data/operation.ts";
import { Fault } from "../part/fault.tsx";
import { PromptButton } from "../part/prompt-button.tsx";
import { ResizeButton } from "./resize-button.tsx";

type Volume = OperationOutput<"storagePool", "volumes">[number];

const downloadUrl = (pool: string, name: string): string => {
  const route = routeOf("storageVolume.download");
  if (route === undefined) return "";
  const input = { volume: { pool, name }, offset: 0, length: 0 };
  return `/v1${requestOf(route, input).url}`;
};

interface VolumeRowProps {
  readonly pool: string;
  readonly volume: Volume;
}

export function VolumeRow({ pool, volume }: VolumeRowProps): ReactElement {
  const { t } = useTranslation();
  const { name } = volume;
  const input = { volume: { pool, name } };
  const { data, error } = useAsk(["storageVolume", "info"], input);
  return (
    <Tr>
      <Td dataLabel={t("list.name")}>{name}</Td>
      <Td dataLabel={t("storage.capacity")}>
        {data === undefined ? "–" : bytesText(data.capacity)}
      </Td>
      <Td dataLabel={t("storage.allocation")}>
        {data === undefined ? "–" : bytesText(data.allocation)}
        <Fault error={error} />
      </Td>
      <Td isActionCell>
        <div className="vireo-life">
          <a href={downloadUrl(pool, name)} download={name}>
            {t("storage.download")}
          </a>
          <ResizeButton pool={pool} name={name} bytes={data?.capacity ?? 0} />
          <PromptButton
            title={t("undefine.title", { name })}
            action={{ operation: "storageVolume.delete", input }}
            confirm={t("action.undefine")}
            isDanger
            name={name}
          >
            {t("storage.deleteWhat", {
              value: data === undefined ? "–" : bytesText(data.allocation),
            })}
          </PromptButton>
        </div>
      </Td>
    </Tr>
  );
}
