/** `domain.hostDevices`: what of the host a domain is to have, and what speaks against it. */
import { describeHostdev } from "@vireo/model/domain/device/describe-hostdev";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import { wantedDevices } from "./assigned-devices.ts";
import type { Definitions } from "./definition.ts";

/** @throws VireoError `noDomain` */
export async function hostDevices(
  { env, list }: Definitions,
  { domain }: OperationInput<"domain", "hostDevices">,
): Promise<OperationOutput<"domain", "hostDevices">> {
  const { live, definition, name, uuid } = list.find(domain).view;
  const wanted = wantedDevices(live?.config ?? definition);
  const verdicts = (await env.devices?.explain({ name, uuid }, wanted)) ?? [];
  return wanted.map(({ hostdev }, index) => ({
    device: describeHostdev(hostdev),
    held: verdicts[index]?.held ?? false,
    objections: [...(verdicts[index]?.objections ?? [])],
  }));
}
