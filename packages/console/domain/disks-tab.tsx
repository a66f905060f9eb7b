import { EmptyState, Label } from "@patternfly/react-core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { bytesText } from "../data/bytes.ts";
import { useAsk } from "../data/operation.ts";
import { Panel } from "../part/facts.tsx";
import { Fault } from "../part/fault.tsx";
import { TextField } from "../part/field.tsx";
import { Meter } from "../part/meter.tsx";
import { PromptButton } from "../part/prompt-button.tsx";
import type { Image } from "../storage/image-tree.tsx";
import type { DomainTabProps } from "./domain-tab.ts";
import { DiskChain } from "./disk-chain.tsx";
import { disksIn, type ShownDisk } from "./disk-facts.ts";

const GIB = 1024 ** 3;

interface DiskProps extends DomainTabProps {
  readonly disk: ShownDisk;
}

/** How much of the image the guest has written, and what it sees. */
function Room({ domain, disk }: DiskProps): ReactElement {
  const { t } = useTranslation();
  const { data, error } = useAsk(
    ["domain", "blockInfo"],
    { domain: { uuid: domain.uuid }, disk: disk.target },
    { everyMs: 10_000, enabled: disk.chain.length > 0 },
  );
  if (error !== null) return <Fault error={error} />;
  if (data === undefined) return <span className="vireo-quiet">{t("disk.empty")}</span>;
  return (
    <Meter
      label={t("disk.room", { name: disk.target })}
      part={data.capacity === 0 ? 0 : data.allocation / data.capacity}
      text={t("disk.takenOf", {
        taken: bytesText(data.allocation),
        capacity: bytesText(data.capacity),
      })}
    />
  );
}

function Grow({ domain, disk }: DiskProps): ReactElement {
  const { t } = useTranslation();
  const [size, setSize] = useState("");
  const bytes = Math.round(Number(size) * GIB);
  const input = { domain: { uuid: domain.uuid }, disk: disk.target, bytes };
  return (
    <PromptButton
      title={t("storage.resize", { name: disk.target })}
      action={{ operation: "domain.blockResize", input }}
      confirm={t("storage.resizeDo")}
      isIncomplete={!(bytes > 0)}
    >
      <TextField
        id={`grow-${disk.target}`}
        type="number"
        label={t("create.size")}
        value={size}
        onChange={setSize}
      />
    </PromptButton>
  );
}

/** What can be done while the guest runs: the chain flattened, the disk made larger. */
function Actions({ domain, disk }: DiskProps): ReactElement | null {
  const { t } = useTranslation();
  if (domain.id === undefined || disk.readonly) return null;
  const input = { domain: { uuid: domain.uuid }, disk: disk.target };
  return (
    <div className="vireo-line">
      <Grow domain={domain} disk={disk} />
      {disk.chain.length > 1 ? (
        <PromptButton
          title={t("disk.flatten", { name: disk.target })}
          action={{ operation: "domain.blockPull", input }}
          confirm={t("disk.flattenDo")}
        >
          {t("disk.flattenWhat")}
        </PromptButton>
      ) : null}
    </div>
  );
}

function DiskPanel({
  domain,
  disk,
  images,
}: DiskProps & { readonly images: readonly Image[] }): ReactElement {
  const [top] = disk.chain;
  return (
    <Panel title={disk.target}>
      <div className="vireo-stack">
        <div className="vireo-line">
          <Label isCompact>{disk.device}</Label>
          <Label isCompact>{disk.bus}</Label>
          {disk.format === undefined ? null : <Label isCompact>{disk.format}</Label>}
        </div>
        <Room domain={domain} disk={disk} />
        {top === undefined ? null : (
          <DiskChain top={top} known={disk.chain} images={images} domain={domain.name} />
        )}
        <Actions domain={domain} disk={disk} />
      </div>
    </Panel>
  );
}

/** Each disk with its room and the images that it is made of. */
export function DisksTab({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const {
    data: xml = "",
    error,
    isPending,
  } = useAsk(["domain", "xml"], { domain: { uuid: domain.uuid } });
  const { data: graph } = useAsk(["image", "graph"], {}, { everyMs: 15_000 });
  const disks = disksIn(xml);
  if (disks.length === 0 && !isPending)
    return <EmptyState titleText={t("disk.none")} headingLevel="h2" />;
  return (
    <>
      <Fault error={error} />
      {disks.map((disk) => (
        <DiskPanel key={disk.target} domain={domain} disk={disk} images={graph?.images ?? []} />
      ))}
    </>
  );
}
