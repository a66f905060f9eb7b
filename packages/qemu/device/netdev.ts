/** The host side of a network interface: `-netdev`. */
import { virError } from "@vireo/model/error";
import type { Interface } from "@vireo/model/domain/device/interface";
import { given, type JsonObject } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { reconnectOf } from "./chardev.ts";
import { driverOf } from "./interface-driver.ts";
import type { DeviceScope } from "./scope.ts";
import { chardevStep, fdsetStep, netdevStep } from "./step.ts";

type Of<T extends Interface["type"]> = Extract<Interface, { type: T }>;

export const netdevId = (net: Interface): string => `host${aliasOf(net)}`;

const queuesOf = (net: Interface): number => Math.max(driverOf(net)?.queues ?? 1, 1);

/** One descriptor goes in `fd`, several in `fds`, colon-separated. */
const fdProps = (name: "fd" | "vhostfd", fds: readonly (number | string)[]): JsonObject =>
  fds.length === 1 ? { [name]: String(fds[0]) } : { [`${name}s`]: fds.join(":") };

const take = (
  kind: "tap" | "vhost-net",
  net: Interface,
  { fds, origin }: DeviceScope,
): (number | string)[] =>
  Array.from({ length: queuesOf(net) }, (_, queue) =>
    fds.take({ kind, id: aliasOf(net), queue, origin }),
  );

/** vhost serves virtio in the host's kernel, which only KVM guests may ask for. */
const usesVhost = (net: Interface, { domain }: DeviceScope): boolean =>
  domain.type === "kvm" && isVirtio(net) && driverOf(net)?.name !== "qemu";

/** Old definitions write the model in any case. */
export function virtioModel(net: Interface): string | undefined {
  const model = net.model?.type?.toLowerCase();
  return model?.startsWith("virtio") === true ? model : undefined;
}
export const isVirtio = (net: Interface): boolean => virtioModel(net) !== undefined;

function tapProps(net: Interface, scope: DeviceScope): JsonObject {
  const taps = take("tap", net, scope);
  const vhost = usesVhost(net, scope) ? take("vhost-net", net, scope) : [];
  return {
    type: "tap",
    ...fdProps("fd", taps),
    ...(vhost.length > 0 ? { vhost: true, ...fdProps("vhostfd", vhost) } : {}),
    sndbuf: net.tune?.sndbuf,
  };
}

const endpoint = (
  source: { address?: string | undefined; port?: number | undefined } | undefined,
): string => `${source?.address ?? ""}:${source?.port ?? 0}`;

function socketProps(net: SocketNet): JsonObject {
  switch (net.type) {
    case "client":
      return { type: "socket", connect: endpoint(net.source) };
    case "server":
      return { type: "socket", listen: endpoint(net.source) };
    case "mcast":
      return { type: "socket", mcast: endpoint(net.source) };
    case "udp":
      return { type: "socket", udp: endpoint(net.source), localaddr: endpoint(net.source?.local) };
  }
}

/** Host part of an IPv4 address is cut off: QEMU wants the network. */
function userProps(net: Of<"user">, scope: DeviceScope): JsonObject {
  if (net.backend?.type === "passt") return passtProps(net, scope);
  const v4 = net.ips?.find((ip) => ip.family !== "ipv6");
  const v6 = net.ips?.find((ip) => ip.family === "ipv6");
  return {
    type: "user",
    net: v4 && `${v4.address}/${v4.prefix ?? 24}`,
    "ipv6-prefix": v6?.address,
    "ipv6-prefixlen": v6?.prefix,
  };
}

const passtProps = (net: Interface, { context }: DeviceScope): JsonObject => ({
  type: "stream",
  addr: {
    type: "unix",
    path: `${context.passtDir}/${context.shortName}-${aliasOf(net)}.socket`,
  },
  server: false,
});

function vhostUserSteps(net: Of<"vhostuser">, scope: DeviceScope): PlugStep[] {
  const { source } = net;
  const id = `char${aliasOf(net)}`;
  const server = source?.mode === "server";
  const queues = queuesOf(net);
  return [
    chardevStep(
      {
        id: id,
        backend: {
          type: "unix",
          path: source?.path ?? "",
          ...(server ? { server } : {}),
          ...(server ? {} : reconnectOf(source?.reconnect)),
        },
      },
      scope.origin,
    ),
    netdevStep(
      given({
        type: "vhost-user",
        chardev: id,
        queues: queues > 1 ? queues : undefined,
        id: netdevId(net),
      }),
      scope.origin,
    ),
  ];
}

/** The device node is opened by the daemon, and QEMU finds it in a descriptor set. */
function vdpaSteps(net: Of<"vdpa">, scope: DeviceScope): PlugStep[] {
  const path = net.source?.dev ?? "";
  const id = aliasOf(net);
  const [set, step] = fdsetStep(
    { kind: "vhost-vdpa", id, path, origin: scope.origin },
    `${id}-vdpa`,
    scope,
  );
  const queues = queuesOf(net);
  return [
    step,
    netdevStep(
      given({
        type: "vhost-vdpa",
        vhostdev: set,
        queues: queues > 1 ? queues : undefined,
        id: netdevId(net),
      }),
      scope.origin,
    ),
  ];
}

const plain = (net: Interface, properties: JsonObject, { origin }: DeviceScope): PlugStep[] => [
  netdevStep(given({ ...properties, id: netdevId(net) }), origin),
];

type TapNet = Of<"network" | "bridge" | "direct" | "ethernet">;
type SocketNet = Of<"client" | "server" | "mcast" | "udp">;
const isTapNet = (net: Interface): net is TapNet =>
  ["network", "bridge", "direct", "ethernet"].includes(net.type);
const isSocketNet = (net: Interface): net is SocketNet =>
  ["client", "server", "mcast", "udp"].includes(net.type);

/** Only tap devices can be opened at another path. */
export function refuseForeignTap(net: Interface): void {
  if (net.backend?.tap === undefined || isTapNet(net)) return;
  throw virError(
    "configUnsupported",
    `interface ${net.mac?.address ?? ""} - custom tap device path is not supported for network interfaces of type ${net.type}`,
  );
}

/** Everything the interface needs on the host side. */
export function netdevSteps(net: Interface, scope: DeviceScope): PlugStep[] {
  if (isTapNet(net)) return plain(net, tapProps(net, scope), scope);
  if (isSocketNet(net)) return plain(net, socketProps(net), scope);
  switch (net.type) {
    case "user":
      return plain(net, userProps(net, scope), scope);
    case "vhostuser":
      return vhostUserSteps(net, scope);
    case "vdpa":
      return vdpaSteps(net, scope);
    case "hostdev":
      return [];
    case "internal":
    case "null":
    case "vds":
      throw virError("configUnsupported", `network type '${net.type}' is not supported by QEMU`);
  }
}
