/** What was under way with networks when a daemon died: finished or undone. */
import { explainError } from "@vireo/model/error";
import type { Network } from "@vireo/model/network/network";
import { parseNetwork } from "@vireo/model/network/parse-network";
import { newUuid } from "../../state/new-uuid.ts";
import type { JournalEntry } from "../../state/job-journal.ts";
import { stopNetwork, takeDown } from "./network-life.ts";
import type { NetworkList } from "./network-list.ts";
import { putInForce } from "./network-update.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

const networkIn = (text: unknown): Network | undefined =>
  typeof text === "string" ? parseNetwork(text, newUuid).network : undefined;

/** A start is undone unless it was over; everything else is finished. @returns what became of it */
async function finish(
  list: NetworkList,
  { operation, note }: JournalEntry,
  network: VirtualNetwork | undefined,
): Promise<string> {
  if (operation === "update") {
    if (network !== undefined)
      await putInForce(list, network, {
        config: networkIn(note["config"]),
        live: network.live === undefined ? undefined : networkIn(note["live"]),
      });
    return "finished";
  }
  if (operation === "stop" && network?.live !== undefined) {
    await stopNetwork(list, network);
    return "finished";
  }
  if (network?.live !== undefined) return "finished";
  const definition = networkIn(note["definition"]);
  if (definition !== undefined) await takeDown(list, definition);
  return operation === "stop" ? "finished" : "undone";
}

/** @returns whether there was something */
export async function recoverNetworks(list: NetworkList): Promise<boolean> {
  const { journal, log } = list.tools;
  const entries = await journal.load();
  for (const entry of entries) {
    const { uuid, operation } = entry;
    const network = list.all().find(({ identity }) => identity.uuid === uuid);
    try {
      const became = await finish(list, entry, network);
      log.warn({ network: uuid }, `Interrupted ${operation} of a network: ${became}`);
    } catch (error) {
      log.error({ network: uuid }, `Interrupted ${operation} of a network: ${explainError(error)}`);
    }
    await journal.remove(entry);
  }
  return entries.length > 0;
}
