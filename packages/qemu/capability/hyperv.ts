/** Which Hyper-V enlightenments guests can have, from QEMU's expansion of the host's CPU. */
import { isMessage } from "../qmp/parse-message.ts";
import { HYPERV_QUESTION, subjectOf, type Answers } from "./question.ts";

/** libvirt's words, in its order; QEMU's property is `hv-` and the word with dashes. */
const ENLIGHTENMENTS = [
  "relaxed",
  "vapic",
  "spinlocks",
  "vpindex",
  "runtime",
  "synic",
  "stimer",
  "reset",
  "vendor_id",
  "frequencies",
  "reenlightenment",
  "tlbflush",
  "ipi",
  "evmcs",
  "avic",
] as const;

const propertyOf = (word: string): string => `hv-${word.replaceAll("_", "-")}`;

/** `undefined` when the expansion says nothing of Hyper-V. */
export function hypervFeatures(answers: Answers): readonly string[] | undefined {
  const answer = answers(HYPERV_QUESTION.execute, subjectOf(HYPERV_QUESTION.arguments));
  const model = isMessage(answer) ? answer["model"] : undefined;
  const properties = isMessage(model) ? model["props"] : undefined;
  if (!isMessage(properties)) return undefined;
  const told = ENLIGHTENMENTS.filter((word) => propertyOf(word) in properties);
  // switches say whether they work here; what takes a value needs nothing of the host
  return told.length === 0
    ? undefined
    : told.filter((word) => properties[propertyOf(word)] !== false);
}
