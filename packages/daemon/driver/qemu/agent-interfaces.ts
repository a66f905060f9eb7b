/** The guest's interfaces as its agent tells them. Pure. */
import type { OperationOutput } from "@vireo/model/operation/operations";
import type { Message } from "@vireo/qemu/qmp/parse-message";
import { listIn, malformed, numberIn, textIn } from "./agent-answer.ts";

export type GuestInterface = OperationOutput<"domain", "interfaceAddresses">[number];
type GuestAddress = GuestInterface["addresses"][number];

const COMMAND = "guest-network-get-interfaces";

function addressIn(told: Message): GuestAddress {
  const kind = textIn(told, "ip-address-type");
  const address = textIn(told, "ip-address");
  if ((kind !== "ipv4" && kind !== "ipv6") || address === undefined) throw malformed(COMMAND);
  return { family: kind, address, prefix: Math.max(0, Math.trunc(numberIn(told, "prefix") ?? 0)) };
}

/** The agent tells an alias such as `eth0:1` as an interface of its own. */
const baseName = (name: string): string => name.split(":")[0] ?? name;

/**
 * Reads the answer to `guest-network-get-interfaces`.
 * @throws VireoError `internalError`
 */
export function interfacesIn(answer: unknown): readonly GuestInterface[] {
  const all = listIn(answer);
  if (all === undefined) throw malformed(COMMAND);
  const found = new Map<string, GuestInterface>();
  for (const told of all) {
    const full = textIn(told, "name");
    if (full === undefined) throw malformed(COMMAND);
    const name = baseName(full);
    const known = found.get(name);
    const mac = known?.mac ?? textIn(told, "hardware-address");
    const addresses = (listIn(told["ip-addresses"]) ?? []).map(addressIn);
    found.set(name, {
      name,
      ...(mac === undefined ? {} : { mac }),
      addresses: [...(known?.addresses ?? []), ...addresses],
    });
  }
  return [...found.values()];
}
