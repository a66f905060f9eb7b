/** `domain.history` and `domain.historyXml`: what the persistent definition was before. */
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { virError } from "@vireo/model/error";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import type { Definitions } from "./definition.ts";

/** @throws VireoError `noDomain` */
export async function history(
  { env, list }: Definitions,
  { domain }: OperationInput<"domain", "history">,
): Promise<OperationOutput<"domain", "history">> {
  return env.store.history.all(list.find(domain).view.name);
}

/** @throws VireoError `noDomain`, `invalidArg` when there is no such revision */
export async function historyXml(
  { env, list }: Definitions,
  { domain, at, secure = false }: OperationInput<"domain", "historyXml">,
): Promise<string> {
  const { name } = list.find(domain).view;
  const xml = await env.store.history.read(name, at);
  if (xml === undefined) throw virError("invalidArg", `domain '${name}' has no revision ${at}`);
  // under its present name, so that it can be applied
  return formatDomain({ ...parseDomain(xml).domain, name }, { secure });
}
