/** Definitions as they were written, kept beside the complete ones to tell later who said what. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { explainError } from "@vireo/model/error";
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import { readTextIfThere, removeIfThere, writeFileAtomically } from "../../host/file.ts";
import type { QemuEnvironment } from "./environment.ts";

/** By UUID, which survives a new name. */
const writtenPath = ({ paths }: QemuEnvironment, uuid: string): string =>
  join(paths.qemuLib, "written", `${uuid}.xml`);

/** Keeps what a client sent. Nothing but explanations depends on it, so a failure is only logged. */
export async function keepWritten(
  env: QemuEnvironment,
  { name, uuid }: DomainIdentity,
  xml: string,
): Promise<void> {
  const path = writtenPath(env, uuid);
  try {
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
