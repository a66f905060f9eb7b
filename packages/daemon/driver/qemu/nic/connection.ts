/**
 * How a card's device on the host is made, plugged in and taken away: one entry for each kind of connection. Kinds that
 * are not listed have no device of ours: QEMU itself opens their sockets.
 *
 *     open (descriptors) -> filter -> join (switch, on) -> limits -> the guest runs -> leave
 */
import { actualType } from "@vireo/model/domain/device/actual-interface";
import type { Interface } from "@vireo/model/domain/device/interface";
import { bridged } from "./bridged.ts";
import { direct } from "./direct.ts";
import { ethernet } from "./ethernet.ts";
import { switched } from "./switched.ts";
import type { Connection } from "./wiring.ts";

const isSwitched = ({ virtualPort }: Interface): boolean => virtualPort?.type === "openvswitch";

/** How a card, as it runs, is connected; undefined when the host has no device of it. */
export function connectionOf(net: Interface): Connection | undefined {
  switch (actualType(net)) {
    case "network":
    case "bridge":
      return isSwitched(net) ? switched : bridged;
    case "direct":
      return direct;
    case "ethernet":
      return ethernet;
    default:
      return undefined;
  }
}
