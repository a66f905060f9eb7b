import { Alert, EmptyState, Label } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAsk } from "../data/operation.ts";
import { ActButton } from "../part/act-button.tsx";
import { Facts, Panel, type Fact } from "../part/facts.tsx";
import { Fault } from "../part/fault.tsx";
import type { DomainTabProps } from "./domain-tab.ts";
import { GuestAddresses } from "./guest-addresses.tsx";
import { nicsIn, withLink, type Nic } from "./nic-facts.ts";
import { PacketPath } from "./packet-path.tsx";

type Path = OperationOutput<"domain", "networkPath">[number];

interface NicProps extends DomainTabProps {
  readonly nic: Nic;
  readonly path: Path | undefined;
}

/** In a sentence, what a glance at the picture tells. */
function Verdict({ path }: { readonly path: Path }): ReactElement {
  const { t } = useTranslation();
  const stop = path.steps.find(({ state }) => state === "drops");
  return stop === undefined ? (
    <Alert isInline isPlain variant="success" title={t("nic.passes")} />
  ) : (
    <Alert isInline isPlain variant="danger" title={t("nic.stopped", { why: stop.text })} />
  );
}

function NicPanel({ domain, nic, path }: NicProps): ReactElement {
  const { t } = useTranslation();
  const { mac, type, source, model, device, isLinkDown, xml } = nic;
  const facts: readonly Fact[] = [
    [t("nic.type"), type],
    [
      t("nic.source"),
      type === "network" && source !== undefined ? (
        <Link key="source" to="/networks" search={{ open: source }}>
          {source}
        </Link>
      ) : (
        (source ?? "–")
      ),
    ],
    [t("nic.model"), model ?? "–"],
    [t("nic.device"), device ?? "–"],
    [
      t("nic.link"),
      <span key="link" className="vireo-line">
        <Label isCompact color={isLinkDown ? "red" : "green"}>
          {t(isLinkDown ? "nic.linkDown" : "nic.linkUp")}
        </Label>
        <ActButton
          action={{
            operation: "domain.updateDevice",
            input: {
              domain: { uuid: domain.uuid },
              xml: withLink(xml, isLinkDown),
              ...(domain.id === undefined ? { config: true } : { live: true }),
            },
          }}
          label={t(isLinkDown ? "nic.plugIn" : "nic.pullOut")}
        />
      </span>,
    ],
  ];
  return (
    <Panel title={mac}>
      <div className="vireo-stack">
        <Facts facts={facts} />
        {path === undefined ? null : (
          <>
            <Verdict path={path} />
            <PacketPath steps={path.steps} label={t("nic.path", { mac })} />
          </>
        )}
      </div>
    </Panel>
  );
}

/** Where each network card is plugged in, and what becomes of its packets. */
export function NicsTab({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const about = { domain: { uuid: domain.uuid } };
  const isOn = domain.id !== undefined;
  const { data: xml = "", error, isPending } = useAsk(["domain", "xml"], about);
  const { data: paths = [], error: fault } = useAsk(["domain", "networkPath"], about, {
    everyMs: 5000,
    enabled: isOn,
  });
  const nics = nicsIn(xml);
  if (nics.length === 0 && !isPending)
    return <EmptyState titleText={t("nic.none")} headingLevel="h2" />;
  return (
    <>
      <Fault error={error ?? fault} />
      {nics.map((nic) => (
        <NicPanel
          key={nic.mac}
          domain={domain}
          nic={nic}
          path={paths.find(({ mac }) => mac === nic.mac)}
        />
      ))}
      {isOn ? (
        <Panel title={t("domain.addresses")}>
          <GuestAddresses uuid={domain.uuid} />
        </Panel>
      ) : null}
    </>
  );
}
