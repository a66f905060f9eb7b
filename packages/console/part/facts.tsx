import {
  Card,
  CardBody,
  CardTitle,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from "@patternfly/react-core";
import type { ReactElement, ReactNode } from "react";
import { Fault } from "./fault.tsx";

/** What something is called, and what it is. */
export type Fact = readonly [term: string, value: ReactNode];

export const Facts = ({ facts }: { readonly facts: readonly Fact[] }): ReactElement => (
  <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: "15ch" }}>
    {facts.map(([term, value]) => (
      <DescriptionListGroup key={term}>
        <DescriptionListTerm>{term}</DescriptionListTerm>
        <DescriptionListDescription>{value}</DescriptionListDescription>
      </DescriptionListGroup>
    ))}
  </DescriptionList>
);

export interface PanelProps {
  readonly title: string;
  readonly error?: unknown;
  readonly children: ReactNode;
}

/** A part of a page with a heading of its own; what it could not learn it says itself. */
export const Panel = ({ title, error, children }: PanelProps): ReactElement => (
  <Card>
    <CardTitle component="h2">{title}</CardTitle>
    <CardBody>
      <Fault error={error} />
      {children}
    </CardBody>
  </Card>
);
