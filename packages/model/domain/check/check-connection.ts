/** What a card's connection can do, known only when it is plugged in: its network has a say. */
import { actualType } from "../device/actual-interface.ts";
import type { Interface } from "../device/interface.ts";
import { unsupported } from "./refuse.ts";

type Rule = (net: Interface, type: Interface["type"]) => void;

const about = ({ mac }: Interface): string => `interface ${mac?.address ?? ""} - `;

const isSwitched = ({ virtualPort }: Interface): boolean => virtualPort?.type === "openvswitch";

const modeOf = (net: Interface): string | undefined =>
  net.type === "direct" || net.type === "network" ? net.source?.mode : undefined;

/** Only Open vSwitch and cards of the host itself tag packets. */
const vlanFits: Rule = (net, type) => {
  if ((net.vlan?.tags ?? []).length === 0) return;
  const byCard = type === "hostdev" || (type === "direct" && modeOf(net) === "passthrough");
  const bySwitch = (type === "bridge" || type === "network") && isSwitched(net);
  if (!byCard && !bySwitch)
    unsupported(`${about(net)}vlan tag not supported for this connection type`);
};

const WITH_QUEUES: readonly string[] = "network bridge direct ethernet vhostuser vdpa".split(" ");
const queuesFit: Rule = (net, type) => {
  const queues = net.type === "hostdev" ? undefined : net.driver?.queues;
  if ((queues ?? 1) > 1 && !WITH_QUEUES.includes(type))
    unsupported(`${about(net)}multiqueue is not supported for network interfaces of type ${type}`);
};

const scriptFits: Rule = ({ script }, type) => {
  if (script !== undefined && type !== "ethernet")
    unsupported(`scripts are not supported on interfaces of type ${type}`);
};

const isolationFits: Rule = (net, type) => {
  if (net.port?.isolated === true && type !== "network" && type !== "bridge")
    unsupported(
      `${about(net)}<port isolated='yes'/> is not supported for network interfaces with type='${type}'`,
    );
};

/** A profile is agreed with the switch beyond the card, by programs that are not there. */
const profileFits: Rule = ({ virtualPort }, type) => {
  if (virtualPort?.type === "midonet" || (type === "direct" && virtualPort?.type !== undefined))
    unsupported(`virtualport type '${virtualPort.type}' is not supported on this host`);
};

const RULES = [vlanFits, queuesFit, scriptFits, isolationFits, profileFits];

/**
 * Of a card as it is going to run.
 * @throws VireoError `configUnsupported` for the first rule broken
 */
export function checkConnection(net: Interface): void {
  for (const rule of RULES) rule(net, actualType(net));
}
