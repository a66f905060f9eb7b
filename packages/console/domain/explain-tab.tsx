import { Content } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { ReactElement } from "react";
import { useAsk } from "../data/operation.ts";
import { Fault } from "../part/fault.tsx";
import type { DomainTabProps } from "./domain-tab.ts";

/** Each line of the XML: who said it, and what QEMU is given for it. */
export function ExplainTab({ domain }: DomainTabProps): ReactElement {
  const { data, error } = useAsk(["domain", "explain"], { domain: { uuid: domain.uuid } });
  return (
    <>
      <Fault error={error} />
      <Fault error={data?.problem} variant="warning" />
      <Content component="p" />
      <Table variant="compact" aria-label={domain.name}>
        <Thead>
          <Tr>
            <Th>XML</Th>
            <Th>From</Th>
            <Th>QEMU</Th>
          </Tr>
        </Thead>
        <Tbody>
          {data?.lines.map(({ xml, sources, args }, at) => (
            <Tr key={at}>
              <Td className="vireo-mono">{xml}</Td>
              <Td>{[...new Set(sources.map(({ rule }) => rule))].join(", ")}</Td>
              <Td className="vireo-mono">
                {args
                  .map((arg) => `${data.args[arg]?.option ?? ""} ${data.args[arg]?.value ?? ""}`)
                  .join("\n")}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </>
  );
}
