import {
  Breadcrumb,
  BreadcrumbItem,
  Button,
  FormSelect,
  FormSelectOption,
  PageSection,
  Progress,
  TextInput,
  Title,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useRef, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { requestOf, routeOf } from "@vireo/model/operation/route";
import { bytesText } from "../data/bytes.ts";
import { useAct, useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { uploadVolume } from "../data/upload.ts";
import { Fault } from "../part/fault.tsx";
import { PromptButton } from "../part/prompt-button.tsx";

type Volume = OperationOutput<"storagePool", "volumes">[number];

const GIB = 1024 ** 3;
const FORMATS = ["qcow2", "raw"] as const;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("'", "&apos;");

const volumeXml = (name: string, bytes: number, format: string): string =>
  `<volume><name>${escaped(name)}</name><capacity unit='bytes'>${bytes}</capacity><allocation>0</allocation><target><format type='${format}'/></target></volume>`;

function Create({ pool }: { readonly pool: string }): ReactElement {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useAct();
  const [name, setName] = useState("");
  const [size, setSize] = useState("10");
  const [format, setFormat] = useState<string>(FORMATS[0]);
  const bytes = Math.round(Number(size) * GIB);
  const create = (): void =>
    mutate(
      {
        operation: "storageVolume.create",
        input: { pool: { name: pool }, xml: volumeXml(name, bytes, format) },
      },
      { onSuccess: () => setName("") },
    );
  return (
    <Toolbar>
      <ToolbarContent>
        <ToolbarItem>
          <TextInput
            aria-label={t("list.name")}
            placeholder={t("list.name")}
            value={name}
            onChange={(_event, value) => setName(value)}
          />
        </ToolbarItem>
        <ToolbarItem>
          <TextInput
            type="number"
            aria-label="GiB"
            min="0"
            value={size}
            onChange={(_event, value) => setSize(value)}
          />
        </ToolbarItem>
        <ToolbarItem>GiB</ToolbarItem>
        <ToolbarItem>
          <FormSelect
            aria-label={t("storage.format")}
            value={format}
            onChange={(_event, value) => setFormat(value)}
          >
            {FORMATS.map((one) => (
              <FormSelectOption key={one} value={one} label={one} />
            ))}
          </FormSelect>
        </ToolbarItem>
        <ToolbarItem>
          <Button isLoading={isPending} isDisabled={name === "" || !(bytes > 0)} onClick={create}>
            {t("storage.newVolume")}
          </Button>
        </ToolbarItem>
        <Fault error={error} />
      </ToolbarContent>
    </Toolbar>
  );
}

/** Sends a file into a new volume of its size, and tells how far it is. */
function Upload({ pool }: { readonly pool: string }): ReactElement {
  const { t } = useTranslation();
  const { client } = useSession();
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [part, setPart] = useState<number>();
  const [error, setError] = useState<unknown>();
  const send = async (file: File): Promise<void> => {
    setError(undefined);
    setPart(0);
    const volume = { pool, name: file.name };
    try {
      await client.storageVolume.create({
        pool: { name: pool },
        xml: volumeXml(file.name, file.size, "raw"),
      });
      await uploadVolume(volume, file, setPart);
      await client.storagePool.refresh({ pool: { name: pool } });
    } catch (fault) {
      setError(fault);
    }
    setPart(undefined);
    await queries.invalidateQueries({ queryKey: ["storagePool"] });
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t("storage.upload")}
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file !== undefined) void send(file);
        }}
      />
      <Button
        variant="secondary"
        isDisabled={part !== undefined}
        onClick={() => input.current?.click()}
      >
        {t("storage.upload")}
      </Button>
      {part === undefined ? null : (
        <Progress aria-label={t("storage.upload")} value={part * 100} size="sm" />
      )}
      <Fault error={error} />
    </>
  );
}

const downloadUrl = (pool: string, name: string): string => {
  const route = routeOf("storageVolume.download");
  if (route === undefined) return "";
  const input = { volume: { pool, name }, offset: 0, length: 0 };
  return `/v1${requestOf(route, input).url}`;
};

function VolumeRow({
  pool,
  volume,
}: {
  readonly pool: string;
  readonly volume: Volume;
}): ReactElement {
  const { t } = useTranslation();
  const input = { volume: { pool, name: volume.name } };
  const { data, error } = useAsk(["storageVolume", "info"], input);
  return (
    <Tr>
      <Td dataLabel={t("list.name")}>{volume.name}</Td>
      <Td dataLabel={t("storage.capacity")}>
        {data === undefined ? "–" : bytesText(data.capacity)}
      </Td>
      <Td dataLabel={t("storage.allocation")}>
        {data === undefined ? "–" : bytesText(data.allocation)}
        <Fault error={error} />
      </Td>
      <Td isActionCell>
        <a href={downloadUrl(pool, volume.name)} download={volume.name}>
          {t("storage.download")}
        </a>{" "}
        <PromptButton
          title={t("undefine.title", { name: volume.name })}
          action={{ operation: "storageVolume.delete", input }}
          confirm={t("action.undefine")}
          isDanger
          name={volume.name}
        >
          {t("storage.deleteWhat")}
        </PromptButton>
      </Td>
    </Tr>
  );
}

export function StoragePoolScreen(): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const { pool } = useParams({ from: "/storage/$pool" });
  const { data: volumes = [], error } = useAsk(["storagePool", "volumes"], {
    pool: { name: pool },
  });
  return (
    <PageSection isFilled>
      <Breadcrumb>
        <BreadcrumbItem>
          <Link to="/storage">{t("nav.storage")}</Link>
        </BreadcrumbItem>
        <BreadcrumbItem isActive>{pool}</BreadcrumbItem>
      </Breadcrumb>
      <Title headingLevel="h1">{pool}</Title>
      <Fault error={error} />
      {readOnly ? null : (
        <>
          <Create pool={pool} />
          <Upload pool={pool} />
        </>
      )}
      <Table aria-label={pool} variant="compact">
        <Thead>
          <Tr>
            <Th>{t("list.name")}</Th>
            <Th>{t("storage.capacity")}</Th>
            <Th>{t("storage.allocation")}</Th>
            <Th screenReaderText={t("list.actions")} />
          </Tr>
        </Thead>
        <Tbody>
          {volumes.map((volume) => (
            <VolumeRow key={volume.key} pool={pool} volume={volume} />
          ))}
        </Tbody>
      </Table>
    </PageSection>
  );
}
