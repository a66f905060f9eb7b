/** What `<forward>` must fulfil. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError, type VireoError } from "../error.ts";
import { rangeSize } from "./check-dhcp.ts";
import { parseIp } from "./ip-address.ts";
import type { NetworkForward } from "./network-forward.ts";

const from = ErrorDomain.network;
const refuse = (detail: string): VireoError => virError("xmlError", detail, { from });
const unsupported = (detail: string): VireoError => virError("configUnsupported", detail, { from });

type PoolAddress = NonNullable<NetworkForward["addresses"]>[number];
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** `0000:05:10.1` */
const nameOf = ({ domain = 0, bus = 0, slot = 0, function: fn = 0 }: PoolAddress): string =>
  `${hex(domain, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${fn}`;

function checkAddresses(addresses: readonly PoolAddress[], network: string): void {
  const seen = new Set<string>();
  for (const one of addresses) {
    if (one.type === undefined) throw refuse(`missing address type in network ${network}`);
    const name = nameOf(one);
    const { slot = 0, function: fn = 0 } = one;
    if (slot > 0x1f) throw refuse(`Invalid PCI address slot='0x${hex(slot, 2)}', must be <= 0x1F`);
    if (fn > 7) throw refuse(`Invalid PCI address function=0x${fn.toString(16)}, must be <= 7`);
    if (seen.has(name))
      throw refuse(`PCI device '${name}' can only be listed once in network ${network}`);
    seen.add(name);
  }
}

function checkInterfaces({ dev, interfaces = [] }: NetworkForward, network: string): void {
  const first = interfaces[0]?.dev;
  if (dev !== undefined && first !== undefined && dev !== first)
    throw refuse(
      `forward dev '${dev}' must match first interface element dev '${first}' in network '${network}'`,
    );
  const names = interfaces.map((one) => one.dev);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined)
    throw refuse(`interface '${twice}' can only be listed once in network ${network}`);
}

function checkNat({ mode = "nat", nat }: NetworkForward, network: string): void {
  if (nat === undefined) return;
  if (mode !== "nat")
    throw refuse(
      `The <nat> element can only be used when <forward> 'mode' is 'nat' in network ${network}`,
    );
  const { address, port } = nat;
  if (address !== undefined) {
    for (const end of ["start", "end"] as const)
      if (parseIp(address[end])?.family !== "ipv4")
        throw refuse(
          `Bad ipv4 ${end} address '${address[end]}' in <nat> in <forward> in network '${network}'`,
        );
    rangeSize(address);
  }
  if (port !== undefined && port.end < port.start)
    throw virError(
      "xmlDetail",
      `Missing or invalid 'end' attribute in <port> in <nat> in <forward> in network ${network}`,
      { from },
    );
}

/** As it is written. @throws VireoError as libvirt words it */
export function checkForward(forward: NetworkForward, network: string): void {
  const { dev, pf, interfaces = [], addresses = [] } = forward;
  if (dev !== undefined && (addresses.length > 0 || pf !== undefined))
    throw refuse(
      `the <forward> 'dev' attribute cannot be used when <address> or <pf> sub-elements are present in network ${network}`,
    );
  checkInterfaces(forward, network);
  checkAddresses(interfaces.length > 0 ? [] : addresses, network);
  checkNat(forward, network);
}

/** Devices that a pool of this mode cannot have. @throws VireoError `configUnsupported` */
export function checkPool(forward: NetworkForward, network: string): void {
  const { mode = "nat", interfaces = [], addresses = [] } = forward;
  const [first] = interfaces;
  if (mode === "hostdev" && first !== undefined)
    throw unsupported(
      `hostdev network '${network}' lists '${first.dev}' in the device pool, but hostdev networks require all devices to be listed by PCI address, not network device name`,
    );
  if (mode !== "hostdev" && addresses.length > 0)
    throw unsupported(
      `network '${network}' has forward mode '${mode}'  but lists a device by PCI address in the device pool. This is only supported for networks with forward mode 'hostdev'`,
    );
}
