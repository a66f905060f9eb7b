/** The driver's operations on the long job of a domain; none of them takes a turn. */
import type { Role } from "../contract.ts";
import type { DomainList } from "./domain-list.ts";

export const jobRole = (list: DomainList): Role<"domain"> => ({
  jobStats: ({ domain, completed, keepCompleted }) => {
    const actor = list.find(domain);
    if (completed === true) return actor.jobs.completed({ keep: keepCompleted === true });
    actor.allow("control");
    return actor.jobs.stats();
  },
  abortJob: ({ domain }) => {
    const actor = list.find(domain);
    actor.allow("control");
    actor.jobs.abort();
  },
});
