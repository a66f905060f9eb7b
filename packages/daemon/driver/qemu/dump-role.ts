/** The driver's operations that look into a guest: core dumps and screenshots. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { ByteSource } from "../../host/byte-source.ts";
import { removeIfThere } from "../../host/file.ts";
import type { Role } from "../contract.ts";
import { domainDirectory, shortNameOf } from "./command-context.ts";
import { checkDump, DUMPING, DUMPING_MEMORY, dumpTo } from "./core-dump.ts";
import type { Definitions } from "./definition.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { QemuEnvironment } from "./environment.ts";

/** Larger than any screen of a guest. */
const PICTURE_LIMIT = 256 * 1024 * 1024;

interface Head {
  readonly device: string;
  readonly head: number;
}

/** @throws VireoError `operationInvalid` */
function headOf({ devices }: ResolvedDomain, screen: number): Head {
  const videos = (devices.videos ?? []).filter(({ model }) => model?.type !== "none");
  if (videos.length === 0) throw virError("operationInvalid", "no screens to take screenshot from");
  let head = screen;
  for (const { model, alias } of videos) {
    const heads = model?.heads ?? 1;
    if (head < heads) return { device: alias?.name ?? "", head };
    head -= heads;
  }
  throw virError("operationInvalid", "no such screen ID");
}

let pictures = 0;

async function screenshot(
  env: QemuEnvironment,
  actor: DomainActor,
  screen: number,
): Promise<ByteSource> {
  const { live } = actor.view;
  if (live === undefined) throw virError("operationInvalid", "domain is not running");
  const { device, head } = headOf(live.config, screen);
  const { caps } = await env.emulatorFor(live.config);
  const directory = domainDirectory(env.paths, shortNameOf(live.id, live.config.name));
  const filename = join(directory, `screen-${(pictures += 1)}`);
  try {
    await actor.ask("screendump", {
      filename,
      device,
      head,
      ...(caps.flags.has("screenshot-format-png") ? { format: "png" } : {}),
    });
    if ((await stat(filename)).size > PICTURE_LIMIT)
      throw virError("internalError", "the screenshot is too large");
    return Readable.from([await readFile(filename)]);
  } finally {
    await removeIfThere(filename);
  }
}

export const dumpRole = ({ env, list }: Definitions): Role<"domain"> => ({
  coreDump: (input) => {
    checkDump(input);
    const actor = list.find(input.domain);
    const plan = input.memoryOnly === true ? DUMPING_MEMORY : DUMPING;
    return actor.job("control", plan, (job) => dumpTo(env, actor, { ...input, job }));
  },
  screenshot: ({ domain, screen }) => {
    const actor = list.find(domain);
    return actor.turn("control", () => screenshot(env, actor, screen));
  },
});
