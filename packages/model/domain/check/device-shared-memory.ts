/** Devices whose process on the host reads and writes guest memory. */
import type { Domain } from "../domain.ts";
import { unsupported } from "./refuse.ts";

function isShared({ cpu, memoryBacking }: Domain): boolean {
  const access = memoryBacking?.access?.mode;
  const cells = cpu?.numa?.cells ?? [];
  if (cells.length === 0) return access === "shared";
  return cells.every(({ memAccess }) => (memAccess ?? access) === "shared");
}

/** virtiofs and vhost-user disks. */
export function checkSharedMemoryUsers(domain: Domain): void {
  if (isShared(domain)) return;
  const { filesystems = [], disks = [] } = domain.devices ?? {};
  if (filesystems.some(({ driver }) => driver?.type === "virtiofs"))
    unsupported("'virtiofs' requires shared memory");
  if (disks.some(({ type }) => type === "vhostuser"))
    unsupported("'vhostuser' requires shared memory");
}
