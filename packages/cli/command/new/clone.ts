/** Makes a domain like another one; the daemon does it, whatever becomes of us. */
import { OPERATIONS } from "@vireo/model/operation/operations";
import { attempt, done, type Answer } from "../../answer.ts";
import type { newDomainCommands } from "../../catalog/new-domain.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { Connection } from "../../connection.ts";
import { findDomain } from "../../lookup.ts";
import { noDeadline } from "../../new-volume.ts";

type Wish = ArgumentsOf<(typeof newDomainCommands)["clone"]>;

export async function cloneDomain(wish: Wish, connection: Connection): Promise<Answer> {
  const { newname: name, linked } = wish;
  const { uuid } = await findDomain(connection, wish.domain);
  const made = await attempt(
    `Failed to clone domain '${wish.domain}'`,
    connection.run(OPERATIONS.domain.clone, { domain: { uuid }, name, linked }, noDeadline),
  );
  return done(`Domain '${name}' cloned from '${wish.domain}'`, made);
}
