import { Td, Tr } from "@patternfly/react-table";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { kibText } from "../data/bytes.ts";
import { rangesText } from "../data/ranges-text.ts";
import { useAsk } from "../data/operation.ts";
import { DataTable } from "../part/data-table.tsx";
import { Panel } from "../part/facts.tsx";
import { Meter } from "../part/meter.tsx";
import { hostCells, pageSizes, type HostCell } from "./host-facts.ts";

interface RowProps {
  readonly cell: HostCell;
  /** Bytes. */
  readonly free: number | undefined;
}

function CellRow({ cell, free }: RowProps): ReactElement {
  const { t } = useTranslation();
  const freeKiB = (free ?? 0) / 1024;
  return (
    <Tr>
      <Td dataLabel={t("host.cell")}>{cell.id}</Td>
      <Td dataLabel={t("host.cpus")}>{rangesText(cell.cpus)}</Td>
      <Td dataLabel={t("list.memory")}>
        <Meter
          label={t("host.memoryOf", { cell: cell.id })}
          part={cell.memoryKiB === 0 ? 0 : 1 - freeKiB / cell.memoryKiB}
          text={t("host.freeOf", { free: kibText(freeKiB), all: kibText(cell.memoryKiB) })}
        />
      </Td>
    </Tr>
  );
}

function PageRows({ cells }: { readonly cells: readonly HostCell[] }): ReactElement {
  const { t } = useTranslation();
  const sizesKiB = pageSizes(cells);
  const { data: free = [] } = useAsk(
    ["connect", "freePages"],
    { sizesKiB: [...sizesKiB], start: 0, cells: cells.length },
    { everyMs: 10_000, enabled: sizesKiB.length > 0 },
  );
  return (
    <DataTable
      label={t("host.pages")}
      columns={[t("host.pageSize"), t("host.cell"), t("host.pageCount"), t("host.pageFree")]}
    >
      {cells.flatMap((cell, nth) =>
        sizesKiB.map((size, at) => (
          <Tr key={`${cell.id} ${size}`}>
            <Td dataLabel={t("host.pageSize")}>{kibText(size)}</Td>
            <Td dataLabel={t("host.cell")}>{cell.id}</Td>
            <Td dataLabel={t("host.pageCount")}>
              {cell.pages.find(({ sizeKiB }) => sizeKiB === size)?.count ?? 0}
            </Td>
            <Td dataLabel={t("host.pageFree")}>{free[nth * sizesKiB.length + at] ?? "–"}</Td>
          </Tr>
        )),
      )}
    </DataTable>
  );
}

/** Which processors and how much memory lie together, and how the memory is cut into pages. */
export function NumaPanel(): ReactElement {
  const { t } = useTranslation();
  const { data: xml, error } = useAsk(["connect", "capabilities"], {});
  const cells = hostCells(xml);
  const { data: free } = useAsk(
    ["connect", "cellsFreeMemory"],
    { start: 0, max: cells.length },
    { everyMs: 10_000, enabled: cells.length > 0 },
  );
  return (
    <Panel title={t("host.numa")} error={error}>
      <div className="vireo-stack">
        <DataTable
          label={t("host.numa")}
          columns={[t("host.cell"), t("host.cpus"), t("list.memory")]}
        >
          {cells.map((cell, nth) => (
            <CellRow key={cell.id} cell={cell} free={free?.[nth]} />
          ))}
        </DataTable>
        <PageRows cells={cells} />
      </div>
    </Panel>
  );
}
