/** Definitions as they were written, kept beside the complete ones to tell later who said what. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { explainError } from "@vireo/model/error";
import { Domain } from "@vireo/model/domain/domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { diff } from "@vireo/model/schema/diff";
import { readTextIfThere, removeIfThere, writeFileAtomically } from "../../host/file.ts";
import type { DomainView } from "./domain-view.ts";
import type { QemuEnvironment } from "./environment.ts";

/** By UUID, which survives a new name. */
const writtenPath = ({ paths }: QemuEnvironment, uuid: string): string =>
  join(paths.qemuLib, "written", `${uuid}.xml`);

/** How much of the definition the rules have filled in or changed. */
const filledIn = (written: string, definition: Domain): number =>
  diff(Domain, parseDomain(written).domain, definition).length;

/**
 * An editor shows the complete definition and sends it back: that leaves much less to the rules than what was
 * written at first, which stays the better witness.
 */
function isEditedDump(
  xml: string,
  { before, definition }: { before: string; definition: Domain },
): boolean {
  return filledIn(xml, definition) * 2 < filledIn(before, definition);
}

/** Keeps what a client sent. Nothing but explanations depends on it, so a failure is only logged. */
export async function keepWritten(
  env: QemuEnvironment,
  { name, uuid, definition }: DomainView,
  xml: string,
): Promise<void> {
  const path = writtenPath(env, uuid);
  try {
    const before = await readWritten(env, uuid);
    if (before !== undefined && isEditedDump(xml, { before, definition })) return;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFileAtomically(path, xml, { durable: false });
  } catch (error) {
    env.log.warn({ domain: name }, `written definition not kept: ${explainError(error)}`);
  }
}

/** What was written, if it is known. */
export const readWritten = (env: QemuEnvironment, uuid: string): Promise<string | undefined> =>
  readTextIfThere(writtenPath(env, uuid)).catch(() => undefined);

export const forgetWritten = (env: QemuEnvironment, uuid: string): Promise<void> =>
  removeIfThere(writtenPath(env, uuid)).catch(() => undefined);
