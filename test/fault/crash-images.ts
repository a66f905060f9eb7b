/** What has to be true of a guest's images and snapshots, wherever the daemon died. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../harness/run.ts";
import { GUEST } from "./crash-guest.ts";
import type { CrashStage } from "./crash-stage.ts";

/** Images that a path leads to, top first. @throws AssertionError when one is missing or damaged */
async function chainOf(path: string): Promise<readonly string[]> {
  const words = ["info", "-U", "--backing-chain", "--output=json", path];
  const { status, stdout, stderr } = await run("qemu-img", words);
  assert.equal(status, 0, stderr);
  const chain = JSON.parse(stdout) as readonly { readonly filename: string }[]; // qemu-img's own
  return chain.map(({ filename }) => filename);
}

const diskIn = (list: string): string => /^ ?vda +(\S+)/m.exec(list)?.[1] ?? "";

async function snapshotNames(stage: CrashStage): Promise<readonly string[]> {
  const [names = ""] = await stage.ask(`snapshot-list ${GUEST} --name`);
  return names.split("\n").filter((name) => name !== "");
}

/** Every image that somebody names is there and whole, and nobody left one that no one names. */
async function checkImages(stage: CrashStage): Promise<void> {
  const names = await snapshotNames(stage);
  const [running = "", defined = "", ...xmls] = await stage.ask(
    `domblklist ${GUEST}`,
    `domblklist ${GUEST} --inactive`,
    ...names.map((name) => `snapshot-dumpxml ${GUEST} ${name}`),
  );
  const kept = xmls.flatMap((xml) => /<domain [\s\S]*?<source file='([^']+)'/.exec(xml)?.[1] ?? []);
  const roots = [...new Set([diskIn(running), diskIn(defined), ...kept])];
  const memory = xmls.flatMap((xml) => /<memory [^>]*file='([^']+)'/.exec(xml)?.[1] ?? []);
  const named = new Set([...(await Promise.all(roots.map(chainOf))).flat(), ...memory]);
  const there = stage.files().map((name) => join(stage.directory, name));
  assert.deepEqual(there.toSorted(), [...named].toSorted(), "files, and those that are named");
}

/** A snapshot that is listed can be reverted to, and then removed; nothing of it stays behind. */
export async function checkSnapshots(stage: CrashStage): Promise<void> {
  await checkImages(stage);
  for (const name of await snapshotNames(stage))
    await stage.ask(`snapshot-revert ${GUEST} ${name}`, `snapshot-delete ${GUEST} ${name}`);
  await checkImages(stage);
}
