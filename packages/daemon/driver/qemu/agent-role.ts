/** The driver's operations that the agent inside the guest answers. No turn is held meanwhile. */
import { virError } from "@vireo/model/error";
import { isMessage } from "@vireo/qemu/qmp/parse-message";
import type { Role } from "../contract.ts";
import type { Definitions } from "./definition.ts";
import type { DomainActor } from "./domain-actor.ts";
import { currentConfig } from "./domain-report.ts";
import { askAgent } from "./guest-agent.ts";

const NAME_LIMIT = 255;

async function hostname(actor: DomainActor): Promise<string> {
  actor.allow("control");
  const answer = await askAgent(currentConfig(actor.view), "guest-get-host-name");
  const name = isMessage(answer) ? answer["host-name"] : undefined;
  if (typeof name !== "string" || name.length > NAME_LIMIT)
    throw virError("internalError", "malformed return value of 'guest-get-host-name'");
  return name;
}

export const agentRole = ({ list }: Definitions): Role<"domain"> => ({
  hostname: ({ domain }) => hostname(list.find(domain)),
});
