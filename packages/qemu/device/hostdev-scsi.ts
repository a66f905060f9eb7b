/** A SCSI device of the host, or of an iSCSI server, given to the guest as it is. */
import type { Hostdev } from "@vireo/model/domain/device/hostdev";
import { networkHosts } from "../block/network-hosts.ts";
import { networkProps } from "../block/network-props.ts";
import { secretObject } from "../command/secret.ts";
import { given, type JsonObject } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { withoutAbsent } from "../without-absent.ts";
import { aliasOf } from "./alias.ts";
import { bootIndex } from "./boot-index.ts";
import { scsiPlace } from "./scsi-place.ts";
import type { DeviceScope } from "./scope.ts";
import { blockdevStep, deviceStep, objectStep } from "./step.ts";

type ScsiHostdev = Extract<Hostdev, { type: "scsi" }>;

const isIscsi = (hostdev: ScsiHostdev): boolean => hostdev.source?.protocol === "iscsi";

const nodeName = (node: number): string => `libvirt-${node}-backend`;
const secretId = (node: number): string => `${nodeName(node)}-secret0`;

function iscsiProps({ source }: ScsiHostdev, node: number): JsonObject {
  const authSecret = source?.auth?.secret === undefined ? {} : { authSecret: secretId(node) };
  return networkProps(
    withoutAbsent({
      type: "network" as const,
      protocol: "iscsi" as const,
      name: source?.name,
      hosts: networkHosts(source?.hosts),
      initiator: source?.initiator?.iqn?.name,
      auth: source?.auth && { username: source.auth.username, type: "iscsi" },
    }),
    authSecret,
  );
}

/** The generic SCSI node of the device, found on the host. */
function localProps({ source }: ScsiHostdev, { context }: DeviceScope): JsonObject {
  const { bus = 0, target = 0, unit = "0" } = source?.address ?? {};
  const filename = context.host.scsiGeneric(source?.adapter?.name ?? "", bus, target, Number(unit));
  return { driver: "host_device", filename };
}

function secretSteps({ source }: ScsiHostdev, node: number, scope: DeviceScope): PlugStep[] {
  const secret = source?.auth?.secret;
  if (secret === undefined) return [];
  const request = withoutAbsent({
    usageType: "iscsi",
    uuid: secret.uuid,
    usage: secret.usage,
    origin: scope.origin,
  });
  return [objectStep(secretObject(secretId(node), request, scope.context), scope.origin)];
}

export function scsiHostdevSteps(
  hostdev: ScsiHostdev,
  node: number,
  scope: DeviceScope,
): PlugStep[] {
  const iscsi = isIscsi(hostdev);
  const backend = given({
    ...(iscsi ? iscsiProps(hostdev, node) : localProps(hostdev, scope)),
    "node-name": nodeName(node),
    "read-only": hostdev.readonly === true,
  });
  return [
    ...(iscsi ? secretSteps(hostdev, node, scope) : []),
    blockdevStep(backend, scope.origin),
    deviceStep(
      given({
        driver: "scsi-generic",
        ...scsiPlace(hostdev.address, scope.domain),
        drive: nodeName(node),
        id: aliasOf(hostdev),
        bootindex: bootIndex(hostdev, scope),
      }),
      scope.origin,
    ),
  ];
}
