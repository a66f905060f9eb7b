/** `<idmap>`: user and group numbers of a container. */
import { element, type Infer } from "../schema/element.ts";
import { children, requiredAttr } from "../schema/member.ts";
import { uint } from "../schema/scalar.ts";

const range = {
  start: requiredAttr(uint, { doc: "First number inside." }),
  target: requiredAttr(uint, { doc: "First number on the host." }),
  count: requiredAttr(uint, { doc: "How many." }),
};
export const IdMap = element("idmap", "User and group numbers of a container.", {
  uids: children(element("uid", "Users.", range), { doc: "Users." }),
  gids: children(element("gid", "Groups.", range), { doc: "Groups." }),
});
export type IdMap = Infer<typeof IdMap>;
