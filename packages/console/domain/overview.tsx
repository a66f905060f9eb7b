import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from "@patternfly/react-core";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { kibText } from "../data/bytes.ts";
import { useAsk } from "../data/operation.ts";
import { Fault } from "../part/fault.tsx";
import type { DomainTabProps } from "./domain-tab.ts";
import { useReason } from "./reason.ts";

function Fact({
  term,
  children,
}: {
  readonly term: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}

/** The facts of a domain at a glance. */
export function Overview({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const about = { domain: { uuid: domain.uuid } };
  const { data: info, error } = useAsk(["domain", "info"], about, { everyMs: 5000 });
  const reason = useReason(domain.uuid);
  return (
    <>
      <Fault error={error} />
      <DescriptionList isHorizontal className="pf-v6-u-mt-md">
        <Fact term={t("list.state")}>
          {t(`state.${domain.state}`)} {reason === undefined ? "" : `(${reason})`}
        </Fact>
        <Fact term={t("domain.uuid")}>
          <code>{domain.uuid}</code>
        </Fact>
        <Fact term={t("list.id")}>{domain.id ?? "–"}</Fact>
        <Fact term={t("list.vcpus")}>{info?.vcpus ?? "–"}</Fact>
        <Fact term={t("list.memory")}>
          {info === undefined ? "–" : `${kibText(info.memoryKiB)} / ${kibText(info.maxMemoryKiB)}`}
        </Fact>
        <Fact term={t("list.persistent")}>{domain.persistent ? "✓" : "–"}</Fact>
        <Fact term={t("list.autostart")}>{domain.autostart ? "✓" : "–"}</Fact>
      </DescriptionList>
    </>
  );
}
