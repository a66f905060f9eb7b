/** `<genid>`: VM generation id. */
import { element, type Infer } from "../schema/element.ts";
import { content } from "../schema/member.ts";
import { uuid } from "../uuid.ts";

export const Genid = element(
  "genid",
  "VM generation id; an empty element asks for a new one.",
  {
    uuid: content(uuid, {
      doc: "UUID.",
      invalid: "malformed genid element",
      fault: "internalError",
    }),
  },
  { empty: true },
);
export type Genid = Infer<typeof Genid>;
