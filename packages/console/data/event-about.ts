/** What an event is about, and what it says, in words. */
import type { DaemonEvent } from "@vireo/sdk/http/event-reader";

/** The name in a reference such as `{ name, uuid }`. */
const nameIn = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null && "name" in value && typeof value.name === "string"
    ? value.name
    : undefined;

/** The name of the domain, pool or network; undefined when it has none. */
export const aboutOf = ({ noun, event }: DaemonEvent): string | undefined =>
  nameIn(event[noun]) ?? nameIn(event["pool"]) ?? nameIn(event["object"]) ?? nameIn(event);

const wordIn = (event: DaemonEvent["event"], field: string): readonly string[] => {
  const value = event[field];
  return typeof value === "string" ? [value] : [];
};

/** Such as `lifecycle: started, booted`. */
export function wordsOf({ event }: DaemonEvent): string {
  const said = ["event", "detail", "phase", "device", "alias", "reason", "type"].flatMap((field) =>
    wordIn(event, field),
  );
  return said.length === 0 ? event.kind : `${event.kind}: ${said.join(", ")}`;
}
