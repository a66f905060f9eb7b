/** What becomes of a save during which the daemon died. */
import { stat } from "node:fs/promises";
import { removeIfThere } from "../../host/file.ts";
import type { Recovery } from "./interrupted.ts";
import { temporaryImage } from "./saved-image.ts";

/** What the journal has to say about a save that begins. */
export const saveNote = (path: string, ran: boolean): Readonly<Record<string, unknown>> => ({
  path,
  ran,
  began: Date.now(),
});

/** An image has its name only when it is whole; one from before this save does not count. */
async function isWhole(path: string, began: unknown): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && typeof began === "number" && found.mtimeMs >= began;
}

/** Ends a domain whose image is whole; otherwise the half image goes and the vCPUs run again if they did. */
export const recoverSave: Recovery = async ({ actor, note: { path, ran, began } }) => {
  if (actor.view.live === undefined) return "save: the domain is off";
  if (typeof path === "string" && (await isWhole(path, began))) {
    await actor.end("saved");
    return "save finished";
  }
  if (typeof path === "string") await removeIfThere(temporaryImage(path));
  if (ran !== true || actor.view.state.state !== "paused") return "save undone";
  await actor.turn("resume", () => actor.run("saveCanceled"));
  return "save undone: the domain runs again";
};
