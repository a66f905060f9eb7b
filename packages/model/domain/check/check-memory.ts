/** Guest memory: hotplug, huge pages, sharing. */
import type { Domain } from "../domain.ts";
import type { MemoryBacking } from "../memory.ts";
import type { ResolveFacts } from "../resolve/facts.ts";
import { unsupported, wrongDetail, wrongXml } from "./refuse.ts";
import { isPowerOfTwo } from "./power-of-two.ts";

const nodesOf = ({ cpu }: Domain): number => cpu?.numa?.cells?.length ?? 0;

/** Room for hotplug needs slots, more memory than there is, and a NUMA node to plug into. */
export function checkMemoryHotplug(domain: Domain): void {
  const { maxMemory, memory, devices } = domain;
  const modules = devices?.memories ?? [];
  if (maxMemory === undefined) {
    if (modules.some(({ model }) => model !== "sgx-epc"))
      unsupported("cannot use/hotplug a memory device when domain 'maxMemory' is not defined");
    return;
  }
  if (maxMemory.slots === 0 || maxMemory.sizeKiB === 0)
    wrongXml("both maximum memory size and memory slot count must be specified");
  if (maxMemory.sizeKiB < (memory?.sizeKiB ?? 0))
    wrongXml("maximum memory size must be equal or greater than the actual memory size");
  if (nodesOf(domain) === 0)
    unsupported("At least one numa node has to be configured when enabling memory hotplug");
}

/** Memory modules go into nodes that exist. */
export function checkMemoryTargets(domain: Domain): void {
  const nodes = nodesOf(domain);
  for (const { target } of domain.devices?.memories ?? [])
    if (target?.node !== undefined && target.node >= nodes) unsupportedTarget(target.node, nodes);
}
const unsupportedTarget = (node: number, nodes: number): never =>
  wrongDetail(
    `can't add memory backend for guest node '${node}' as the guest has only '${nodes}' NUMA nodes configured`,
  );

/** What virtio-mem plugs is a whole number of its blocks. */
export function checkMemorySizes({ devices }: Domain): void {
  for (const { model, target } of devices?.memories ?? [])
    if (model === "virtio-mem" && target !== undefined) checkBlocks(target);
}

interface Blocks {
  readonly sizeKiB?: number;
  readonly requestedKiB?: number;
  readonly blockKiB?: number;
}

function checkBlocks({ sizeKiB = 0, requestedKiB = 0, blockKiB = 0 }: Blocks): void {
  if (requestedKiB > sizeKiB)
    wrongDetail(`requested size must be smaller than or equal to @size (${sizeKiB}KiB)`);
  if (blockKiB === 0) return;
  if (!isPowerOfTwo(blockKiB)) wrongDetail("block size must be a power of two");
  if (requestedKiB % blockKiB !== 0)
    wrongDetail("requested size must be an integer multiple of block size");
}

type Page = NonNullable<NonNullable<MemoryBacking["hugepages"]>["pages"]>[number];

/** One page size for all nodes at most, and nodes that exist for the others. */
export function checkHugePages(domain: Domain): void {
  const pages = domain.memoryBacking?.hugepages?.pages ?? [];
  const nodes = nodesOf(domain);
  for (const page of pages) {
    checkPageNodes(page, nodes);
    for (const other of pages) if (other !== page) checkPair(page, other, nodes);
  }
}

function checkPageNodes({ nodeset }: Page, nodes: number): void {
  // a guest without NUMA counts as one node
  const missing = nodeset?.find((node) => node >= Math.max(nodes, 1));
  if (missing !== undefined) wrongDetail(`hugepages: node ${missing} not found`);
}

function checkPair(page: Page, other: Page, nodes: number): void {
  const masters = isMaster(page, nodes) && isMaster(other, nodes);
  const [first = 0, second = 0] = [page.sizeKiB, other.sizeKiB].sort((a, b) => a - b);
  if (masters) wrongDetail(`two master hugepages detected: ${first} and ${second}`);
  if (page.nodeset?.some((node) => other.nodeset?.includes(node)) === true)
    wrongDetail(`nodeset collision between hugepages of size ${page.sizeKiB} and ${other.sizeKiB}`);
}
/** Covers the whole guest. */
const isMaster = ({ nodeset }: Page, nodes: number): boolean =>
  nodeset === undefined || (nodes === 0 && nodeset.includes(0));

/** Sharing huge pages needs a memory object: one per NUMA node, or the machine's own. */
export function checkMemoryAccess(
  domain: Domain,
  { machines }: Pick<ResolveFacts, "machines">,
): void {
  const mode = domain.memoryBacking?.access?.mode;
  if (mode !== "shared" || nodesOf(domain) > 0) return;
  if (domain.memoryBacking?.hugepages === undefined) return;
  const machine = machines.find(({ name }) => name === domain.os?.type?.machine);
  if (machine?.defaultRamId === undefined)
    unsupported(`memory access mode '${mode}' not supported without guest numa node`);
}
