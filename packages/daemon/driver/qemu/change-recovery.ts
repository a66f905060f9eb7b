/** A change of a running domain during which the daemon died is made again: each of its parts says what is to be. */
import { explainError } from "@vireo/model/error";
import { guestRole } from "./guest-role.ts";
import { lifecycleRole } from "./lifecycle-role.ts";
import type { Interrupted, Recovery } from "./interrupted.ts";
import type { Affecting } from "./tune/change-domain.ts";
import { tuneRole } from "./tune/tune-role.ts";

type Change = (about: Affecting) => Promise<void>;

/** We wrote the note: its input fits its operation. */
const changeOf = ({ env, list, note }: Interrupted): Change | undefined => {
  const definitions = { env, list };
  const all = Object.entries({
    ...tuneRole(definitions),
    ...lifecycleRole(definitions),
    ...guestRole(definitions),
  });
  return all.find(([name]) => name === note["what"])?.[1] as Change | undefined;
};

const isAbout = (about: unknown): about is Affecting =>
  typeof about === "object" && about !== null && "live" in about && "config" in about;

export const recoverChange: Recovery = async (interrupted) => {
  const { env, actor, note } = interrupted;
  const { about } = note;
  const change = changeOf(interrupted);
  if (change === undefined || !isAbout(about)) return "change: nothing is known of it";
  const domain = { uuid: actor.view.uuid };
  const { live, config } = about;
  const parts = [
    ...(live === true && actor.view.live !== undefined ? [{ live: true, config: false }] : []),
    ...(config === true && actor.view.persistent ? [{ live: false, config: true }] : []),
  ];
  for (const part of parts)
    await change({ ...about, ...part, domain }).catch((error: unknown) =>
      // it is so already, or cannot be any more
      env.log.info({ domain: actor.view.name, ...part }, explainError(error)),
    );
  return `change (${String(note["what"])}) finished`;
};
