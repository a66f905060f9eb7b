import { Label } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";

/** Who told an address; the guest's agent is asked by nobody who only looks. */
const SOURCES = ["lease", "arp"] as const;

function From({
  uuid,
  source,
}: {
  readonly uuid: string;
  readonly source: (typeof SOURCES)[number];
}): ReactElement {
  const { t } = useTranslation();
  const { data = [] } = useAsk(
    ["domain", "interfaceAddresses"],
    { domain: { uuid }, source },
    { everyMs: 10_000 },
  );
  return (
    <>
      {data.flatMap(({ mac, addresses }) =>
        addresses.map(({ address, prefix }) => (
          <li key={`${mac} ${address}`}>
            <span className="vireo-code">{prefix === 0 ? address : `${address}/${prefix}`}</span>{" "}
            <Label isCompact>{t(`domain.addressBy.${source}`)}</Label>{" "}
            <span className="vireo-quiet vireo-code">{mac}</span>
          </li>
        )),
      )}
    </>
  );
}

/** The addresses of a running guest, as the host knows them. */
export const GuestAddresses = ({ uuid }: { readonly uuid: string }): ReactElement => (
  <ul className="vireo-plain">
    {SOURCES.map((source) => (
      <From key={source} uuid={uuid} source={source} />
    ))}
  </ul>
);
