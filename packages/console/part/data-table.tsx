import { Table, Tbody, Th, Thead, Tr } from "@patternfly/react-table";
import type { ReactElement, ReactNode } from "react";

export interface DataTableProps {
  readonly label: string;
  /** Headings; one that only screen readers need stands in brackets: `[Actions]`. */
  readonly columns: readonly string[];
  /** Rows, whose cells carry `dataLabel` so that they stand below each other where it is narrow. */
  readonly children: ReactNode;
}

const HIDDEN = /^\[(.*)\]$/;

export const hidden = (column: string): string => `[${column}]`;

export const DataTable = ({ label, columns, children }: DataTableProps): ReactElement => (
  <Table variant="compact" aria-label={label} className="vireo-table">
    <Thead>
      <Tr>
        {columns.map((column) => {
          const text = HIDDEN.exec(column)?.[1];
          return text === undefined ? (
            <Th key={column}>{column}</Th>
          ) : (
            <Th key={column} screenReaderText={text} />
          );
        })}
      </Tr>
    </Thead>
    <Tbody>{children}</Tbody>
  </Table>
);
