import { Alert, Label } from "@patternfly/react-core";
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useSession } from "../data/session-context.ts";
import { Panel } from "../part/facts.tsx";
import { iommuGroups, pciDevice } from "./iommu-groups.ts";

export type Device = OperationOutput<"nodeDevice", "list">[number];

/** The host's PCI devices, those that only go together in one frame. */
export function IommuPanel({ devices }: { readonly devices: readonly Device[] }): ReactElement {
  const { t } = useTranslation();
  const { client } = useSession();
  const pci = devices.filter(({ capabilities }) => capabilities.includes("pci"));
  const found = useQueries({
    queries: pci.map(({ name }) => ({
      queryKey: ["nodeDevice", "xml", { device: { name } }],
      queryFn: () => client.nodeDevice.xml({ device: { name } }),
    })),
    combine: (answers) =>
      answers.flatMap(({ data }, at) => {
        const name = pci[at]?.name;
        return data === undefined || name === undefined ? [] : [pciDevice(name, data)];
      }),
  });
  const groups = iommuGroups(found);
  if (groups.length === 0)
    return <Alert isInline variant="info" title={t("devices.noIommu", { count: pci.length })} />;
  return (
    <div className="vireo-grid">
      {groups.map(({ group, devices: members }) => (
        <Panel key={group} title={t("devices.groupOf", { group })}>
          <ul className="vireo-plain">
            {members.map(({ name, title, driver }) => (
              <li key={name}>
                <Link to="/devices" search={{ name }}>
                  {title}
                </Link>{" "}
                <span className="vireo-code">{name}</span>{" "}
                {driver === undefined ? null : (
                  <Label isCompact color={driver === "vfio-pci" ? "green" : "grey"}>
                    {driver}
                  </Label>
                )}
              </li>
            ))}
          </ul>
        </Panel>
      ))}
    </div>
  );
}
