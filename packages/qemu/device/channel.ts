/** `<channel>`: a private line between guest and host. */
import type { Channel } from "@vireo/model/domain/device/channel";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { chardevSteps } from "./chardev.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep, netdevStep } from "./step.ts";
import { serialPortProps } from "./virtio-serial-port.ts";

/** Name the SPICE agent looks for when the definition gives none. */
const SPICE_AGENT = "com.redhat.spice.0";

/** Connections of the guest to an address of its user network end at the chardev. */
const forwardStep = (
  { address, port }: { readonly address?: string; readonly port?: string },
  id: string,
  origin: string,
): PlugStep =>
  netdevStep(
    {
      type: "user",
      guestfwd: [{ str: `tcp:${address ?? ""}:${port ?? ""}-chardev:char${id}` }],
      id,
    },
    origin,
  );

function portName(channel: Channel): string | undefined {
  const { target } = channel;
  const name = target !== undefined && "name" in target ? target.name : undefined;
  return name ?? (channel.type === "spicevmc" ? SPICE_AGENT : undefined);
}

/** An agent's channel without a path gets a socket in the domain's directory of channels. */
function withSocket(channel: Channel, { context }: DeviceScope): Channel {
  if (channel.type !== "unix" || channel.source?.path !== undefined) return channel;
  const path = `${context.channelDir}/${portName(channel) ?? "unknown"}`;
  return { ...channel, source: { mode: "bind", ...channel.source, path } };
}

export function channelSteps(channel: Channel, scope: DeviceScope): PlugStep[] {
  const { target } = channel;
  const id = aliasOf(channel);
  const backend = chardevSteps(`char${id}`, withSocket(channel, scope), scope);
  if (target?.type === "guestfwd") return [...backend, forwardStep(target, id, scope.origin)];
  if (target?.type === "xen") return [];
  const device = {
    driver: "virtserialport",
    ...serialPortProps(channel.address, scope),
    chardev: `char${id}`,
    id,
    name: portName(channel),
  };
  return [...backend, deviceStep(device, scope.origin)];
}
