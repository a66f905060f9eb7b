import { Button, Progress } from "@patternfly/react-core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../data/session-context.ts";
import { uploadVolume } from "../data/upload.ts";
import { Fault } from "../part/fault.tsx";
import { volumeXml } from "./volume-xml.ts";

/** Sends a file into a new volume of its size, and tells how far it is. */
export function Upload({ pool }: { readonly pool: string }): ReactElement {
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
        xml: volumeXml({ name: file.name, bytes: file.size, format: "raw" }),
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
