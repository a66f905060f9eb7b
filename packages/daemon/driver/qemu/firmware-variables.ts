/** The file that keeps a guest's UEFI variables: made from a template at the first start. */
import { randomBytes } from "node:crypto";
import { chmod, constants, copyFile, open, rename, stat, unlink } from "node:fs/promises";
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { hostError } from "../../host/errno.ts";

/** Templates that belong to firmware images, as distributions install them. */
const TEMPLATES: readonly (readonly [loader: RegExp, template: string])[] = [
  [/^(.*)\/OVMF_CODE_4M\.ms\.fd$/, "$1/OVMF_VARS_4M.ms.fd"],
  [/^(.*)\/OVMF_CODE_4M(\.secboot)?\.fd$/, "$1/OVMF_VARS_4M.fd"],
  [/^(.*)\/OVMF_CODE(\.secboot)?\.fd$/, "$1/OVMF_VARS.fd"],
  [/^(.*)\/AAVMF_CODE(\.ms)?\.fd$/, "$1/AAVMF_VARS.fd"],
];

function templateOf({ os }: ResolvedDomain): string {
  if (os.nvram?.template !== undefined) return os.nvram.template;
  const loader = os.loader?.path ?? "";
  const found = TEMPLATES.find(([image]) => image.test(loader));
  if (found === undefined)
    throw virError("operationFailed", `unable to find any master var store for loader: ${loader}`);
  return loader.replace(...found);
}

async function sync(path: string): Promise<void> {
  await using file = await open(path, "r+");
  await file.sync();
}

/** Copies a small file; the copy has its name only when it is whole. */
export async function copyWhole(from: string, to: string): Promise<void> {
  const temporary = `${to}.${randomBytes(6).toString("hex")}`;
  try {
    await copyFile(from, temporary, constants.COPYFILE_EXCL);
    await chmod(temporary, 0o600);
    await sync(temporary);
    await rename(temporary, to);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw hostError(`Failed to create NVRAM '${to}' from '${from}'`, error);
  }
}

/**
 * Makes sure that the store exists; `reset` makes it anew.
 * @throws VireoError `operationFailed`, `systemError`
 */
export async function prepareVariables(
  config: ResolvedDomain,
  { reset }: { reset: boolean },
): Promise<void> {
  const { nvram, loader } = config.os;
  if (loader?.type !== "pflash" || nvram?.path === undefined) return;
  const there = await stat(nvram.path).then(
    () => true,
    () => false,
  );
  if (!there || reset) await copyWhole(templateOf(config), nvram.path);
}
