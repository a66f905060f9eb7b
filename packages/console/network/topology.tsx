import { Label } from "@patternfly/react-core";
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { Fault } from "../part/fault.tsx";
import { networkFacts, networkPlug, type NetworkPlug } from "./network-facts.ts";

export type Network = OperationOutput<"network", "list">[number];

/** Who is plugged in. */
function usePlugs({ uuid, active }: Network): readonly NetworkPlug[] {
  const { client } = useSession();
  const network = { uuid };
  const { data: ports = [] } = useAsk(
    ["networkPort", "list"],
    { network },
    { everyMs: 5000, enabled: active },
  );
  return useQueries({
    queries: ports.map((port) => ({
      queryKey: ["networkPort", "xml", { network, port }],
      queryFn: () => client.networkPort.xml({ network, port }),
    })),
    combine: (answers) =>
      answers.flatMap(({ data }) => (data === undefined ? [] : [networkPlug(data)])),
  });
}

function Guest({
  plug,
  address,
}: {
  readonly plug: NetworkPlug;
  readonly address: string | undefined;
}): ReactElement {
  return (
    <li>
      <Link to="/domains/$name" params={{ name: plug.owner }} search={{ tab: "network" }}>
        {plug.owner}
      </Link>{" "}
      <span className="vireo-code">{plug.mac}</span>{" "}
      {address === undefined ? null : <Label isCompact>{address}</Label>}
    </li>
  );
}

/** The way out, the bridge, and who is plugged into it. */
export function Topology({ network }: { readonly network: Network }): ReactElement {
  const { t } = useTranslation();
  const about = { network: { uuid: network.uuid } };
  const { data: xml, error } = useAsk(["network", "xml"], about);
  const { data: leases = [] } = useAsk(["network", "leases"], about, {
    everyMs: 5000,
    enabled: network.active,
  });
  const plugs = usePlugs(network);
  const facts = networkFacts(xml ?? "<network/>");
  const isOpen = facts.mode !== "isolated";
  return (
    <>
      <Fault error={error} />
      <ul className="vireo-tree" aria-label={t("network.picture", { name: network.name })}>
        <li>
          <Label isCompact color={isOpen ? "blue" : "grey"}>
            {t(isOpen ? "network.outBy" : "network.noWayOut", { mode: facts.mode })}
          </Label>{" "}
          {facts.out}
          <ul>
            <li>
              <strong>{facts.bridge ?? network.name}</strong>{" "}
              {facts.addresses.map((one) => (
                <Label key={one} isCompact color="teal">
                  {one}
                </Label>
              ))}{" "}
              {facts.domain}
              <ul>
                {plugs.map((plug) => (
                  <Guest
                    key={plug.mac}
                    plug={plug}
                    address={leases.find(({ mac }) => mac === plug.mac)?.address}
                  />
                ))}
                {plugs.length === 0 ? (
                  <li className="vireo-quiet">
                    {t(network.active ? "network.nobody" : "network.off")}
                  </li>
                ) : null}
              </ul>
            </li>
          </ul>
        </li>
      </ul>
    </>
  );
}
