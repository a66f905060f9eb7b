/** Numbers of addresses that no bus has. */
import type { Domain } from "../domain.ts";
import { devicesOf } from "./devices-of.ts";
import { unsupported, wrongXml } from "./refuse.ts";

const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}`;
const small = (value: number): string => `0x${value.toString(16)}`;

interface PciNumbers {
  readonly domain?: number;
  readonly bus?: number;
  readonly slot?: number;
  readonly function?: number;
}

/** @throws {VireoError} for a number PCI does not have. */
export function checkPciNumbers(address: PciNumbers): void {
  const { domain = 0, bus = 0, slot = 0, function: fn = 0 } = address;
  const limits = [
    { name: "domain", value: domain, most: 0xffff },
    { name: "bus", value: bus, most: 0xff },
    { name: "slot", value: slot, most: 0x1f },
  ];
  for (const { name, value, most } of limits)
    if (value > most)
      wrongXml(`Invalid PCI address ${name}='${small(value)}', must be <= ${hex(most)}`);
  if (fn > 7) wrongXml(`Invalid PCI address function=${small(fn)}, must be <= 7`);
}

/** PCI addresses within what PCI can count. */
export function checkAddresses(domain: Domain): void {
  for (const { address } of devicesOf(domain))
    if (address?.type === "pci") checkPciNumbers(address);
}

/** zPCI is of s390 alone. */
export function checkZpci(domain: Domain): void {
  const arch = domain.os?.type?.arch;
  if (arch === "s390x" || arch === "s390") return;
  for (const { address } of devicesOf(domain))
    if (address?.type === "pci" && address.zpci !== undefined)
      unsupported("This QEMU binary doesn't support zPCI");
}
