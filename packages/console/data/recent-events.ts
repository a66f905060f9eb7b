/** What happened shortly before the page was opened, as far as the daemon still knows. */
import type { HttpClient } from "@vireo/sdk/http/client";
import type { DaemonEvent } from "@vireo/sdk/http/event-reader";

const ASKED = 50;
const LIMIT_MS = 5000;

/**
 * The events before one of the feed, newest first.
 * @param id as the feed numbers them: the run of the daemon, a hyphen, the number
 */
export async function recentEvents(
  client: HttpClient,
  id: string,
): Promise<readonly DaemonEvent[]> {
  const [epoch = "", text = ""] = id.split("-");
  const last = Number(text);
  const first = Math.max(0, last - ASKED);
  const found: DaemonEvent[] = [];
  if (!(last > first)) return found;
  const signal = AbortSignal.timeout(LIMIT_MS);
  for await (const event of client.events({ after: `${epoch}-${first}`, signal })) {
    if (event.noun !== "feed") found.unshift(event);
    if (event.id === id && event.noun !== "feed") break;
  }
  return found;
}
