/** Reading what a guest's agent says: nothing in it is trusted, every text and list has a limit. Pure. */
import { virError, type VireoError } from "@vireo/model/error";
import { isMessage, type Message } from "@vireo/qemu/qmp/parse-message";

export const malformed = (command: string): VireoError =>
  virError(
    "internalError",
    `guest agent returned malformed or invalid return value of '${command}'`,
  );

const WORD_LIMIT = 4096;
const LIST_LIMIT = 4096;

export const textIn = (message: Message, key: string): string | undefined => {
  const value = message[key];
  return typeof value === "string" && value.length <= WORD_LIMIT ? value : undefined;
};

export const numberIn = (message: Message, key: string): number | undefined => {
  const value = message[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

/** The objects of a list; `undefined` when it is none. */
export const listIn = (value: unknown): readonly Message[] | undefined =>
  Array.isArray(value) ? value.slice(0, LIST_LIMIT).filter(isMessage) : undefined;
