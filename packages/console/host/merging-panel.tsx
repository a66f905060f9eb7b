import { Alert } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { bytesText } from "../data/bytes.ts";
import { useAsk } from "../data/operation.ts";
import { Facts, Panel, type Fact } from "../part/facts.tsx";

const PAGE_BYTES = 4096;
/** What users ask for, in its order; the rest has no words here. */
const TOLD = [
  "shm_pages_to_scan",
  "shm_sleep_millisecs",
  "shm_full_scans",
  "shm_pages_shared",
  "shm_pages_sharing",
  "shm_pages_unshared",
  "shm_pages_volatile",
  "shm_merge_across_nodes",
] as const;

/** How the kernel keeps equal pages of guests once, and what that saves. */
export function MergingPanel(): ReactElement {
  const { t } = useTranslation();
  const { data, error } = useAsk(["connect", "memoryParameters"], {}, { everyMs: 10_000 });
  const saved = (data?.["shm_pages_sharing"] ?? 0) * PAGE_BYTES;
  const facts = TOLD.flatMap((name): readonly Fact[] => {
    const value = data?.[name];
    return value === undefined ? [] : [[t(`host.merging.${name}`), value]];
  });
  return (
    <Panel title={t("host.ksm")} error={error}>
      <div className="vireo-stack">
        <Alert
          isInline
          isPlain
          variant="info"
          title={saved > 0 ? t("host.saved", { value: bytesText(saved) }) : t("host.savedNothing")}
        />
        <Facts facts={facts} />
      </div>
    </Panel>
  );
}
