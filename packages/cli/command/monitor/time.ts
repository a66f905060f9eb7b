import type { HandlersOf } from "../../answer.ts";
import type { monitorCommands } from "../../catalog/monitor.ts";
import { exclusive } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";

/** virDomainSetTimeFlags: take the time from the guest's hardware clock. */
const syncFlag = 1;

export const handlers: HandlersOf<typeof monitorCommands> = {
  async domtime({ domain, now, pretty, sync, time }, context) {
    exclusive({ time, now }, "time", "now");
    exclusive({ time, sync }, "time", "sync");
    exclusive({ now, sync }, "now", "sync");
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    if (now || sync || time !== undefined) {
      const seconds = now ? BigInt(Math.floor(Date.now() / 1000)) : (time ?? 0n);
      const flags = sync ? syncFlag : 0;
      await connection.call("domainSetTime", { dom, seconds, nseconds: 0, flags });
      return { data: { seconds }, text: "" };
    }
    const found = await connection.call("domainGetTime", { dom, flags: 0 });
    const date = new Date(Number(found.seconds) * 1000).toISOString();
    const text = pretty ? date.slice(0, 19).replace("T", " ") : String(found.seconds);
    return { data: found, text: `Time: ${text}` };
  },
};
