/** What libvirt says only when a domain is about to start; a definition may well have it. */
import type { Domain } from "../domain.ts";
import { checkConnection } from "./check-connection.ts";
import { checkScreens } from "./check-display.ts";
import { unsupported, wrongXml } from "./refuse.ts";
import { isPowerOfTwo } from "./power-of-two.ts";

/** Shared memory is a power of two of at least 1 MiB, on PCI. */
function checkSharedMemory({ devices }: Domain): void {
  for (const { sizeMiB, address } of devices?.shmems ?? []) {
    if (sizeMiB !== undefined && sizeMiB < 1)
      wrongXml("shmem size must be at least 1 MiB (1024 KiB)");
    if (sizeMiB !== undefined && !isPowerOfTwo(sizeMiB))
      wrongXml("shmem size must be a power of two");
    if (address !== undefined && address.type !== "pci")
      unsupported("only 'pci' addresses are supported for the shared memory device");
  }
}

/** Those of networks are looked at when their network has given them a place. */
function checkConnections({ devices }: Domain): void {
  for (const net of devices?.interfaces ?? []) if (net.type !== "network") checkConnection(net);
}

/** To be asked before a command line is made. @throws {VireoError} for the first rule broken. */
export function checkStart(domain: Domain): void {
  checkScreens(domain);
  checkConnections(domain);
  checkSharedMemory(domain);
}
