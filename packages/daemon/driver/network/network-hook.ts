/** What the administrator's scripts are told of networks, as libvirt tells it. */
import type { Network } from "@vireo/model/network/network";
import { formatNetworkPort, type NetworkPort } from "@vireo/model/network/network-port";
import { formatNetwork } from "@vireo/model/network/parse-network";
import { CONFIG_VIEW, LIVE_VIEW } from "@vireo/model/schema/view";
import { runHooks } from "../../host/hook.ts";
import type { NetworkList } from "./network-list.ts";

type Operation = "start" | "started" | "stopped" | "updated" | "port-created" | "port-deleted";

const indented = (xml: string): string => `  ${xml.trimEnd().replaceAll("\n", "\n  ")}\n`;

/** With the guest's place when it is about one. @throws VireoError `hookScriptFailed` */
export async function tellHook(
  { tools }: Pick<NetworkList, "tools">,
  network: Network,
  { operation, port }: { operation: Operation; port?: NetworkPort },
): Promise<void> {
  const xml = formatNetwork(network, operation === "start" ? CONFIG_VIEW : LIVE_VIEW);
  const place = port === undefined ? "" : indented(formatNetworkPort(port));
  await runHooks(tools.hooks, {
    kind: "network",
    object: network.name,
    operation,
    phase: operation === "stopped" ? "end" : "begin",
    input: `<hookData>\n${indented(xml)}${place}</hookData>\n`,
  });
}
