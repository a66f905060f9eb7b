/** All that can be seen of the guest, so that it can be compared with how it was before and after a work. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { GUEST } from "./crash-guest.ts";
import type { CrashStage } from "./crash-stage.ts";

export interface Picture {
  readonly state: string;
  readonly managedSave: boolean;
  readonly autostart: boolean;
  /** What the next start takes. */
  readonly definition: string;
  /** What runs, or would. */
  readonly live: string;
  readonly snapshots: string;
  readonly checkpoints: string;
  readonly images: string;
}

/** Numbers that differ from run to run. */
const plain = (xml: string): string =>
  xml
    .replaceAll(/-\d{13}\b/g, "-TIME") // images that a revert makes are named after it
    .replaceAll(/(<domain [^>]*) id='\d+'/g, "$1 id='ID'")
    .replaceAll(/domain-\d+-/g, "domain-ID-")
    .replaceAll(/ index='\d+'/g, "")
    .replaceAll(/\/dev\/pts\/\d+/g, "PTS");

/** `undefined` when no domain is known. @throws Error when the domain that is known is another */
export async function pictureOf(stage: CrashStage): Promise<Picture | undefined> {
  const { status, answers, stderr } = await stage.try(
    "list --all --name",
    `domstate ${GUEST}`,
    `dominfo ${GUEST}`,
    `dumpxml --inactive ${GUEST}`,
    `dumpxml ${GUEST}`,
    `snapshot-list ${GUEST} --name`,
    `checkpoint-list ${GUEST} --name`,
  );
  const [names = "", state = "", info = "", definition = "", live = "", ...moments] = answers;
  if (names === "") return undefined;
  if (names !== GUEST || status !== 0) throw new Error(`known is '${names}': ${stderr}`);
  const [snapshots = "", checkpoints = ""] = moments;
  const there = (xml: string): string =>
    plain(xml.replaceAll(stage.directory, "DIR").replaceAll(stage.root, "ROOT"));
  return {
    state,
    managedSave: /Managed save: +yes/.test(info),
    autostart: /Autostart: +enable/.test(info),
    // a transient one has nothing but what runs
    definition: /Persistent: +yes/.test(info) ? there(definition) : "",
    live: there(live),
    snapshots,
    checkpoints,
    images: plain(stage.files().toSorted().join(" ")),
  };
}

const TEMPORARY = /^\.tmp-|\.saving$|\.dumping$/;

/** Files that no operation may leave behind. */
export function leftovers({ root, directory }: CrashStage): readonly string[] {
  return [root, directory].flatMap((top) =>
    readdirSync(top, { recursive: true, encoding: "utf8" })
      .filter((path) => TEMPORARY.test(path.slice(path.lastIndexOf("/") + 1)))
      .map((path) => join(top, path)),
  );
}

/** What only a guest that runs may have on the host. */
export function remainsOfRun({ root }: CrashStage): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (path) => /(^|\/)domain-\d+-[^/]*$/.test(path) || /run\/qemu\/[^/]+\.(pid|xml)$/.test(path),
  );
}
