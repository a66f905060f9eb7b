/** Owner, group and mode of what a pool or volume is on disk. */
import { element, type Infer } from "../schema/element.ts";
import { child, text } from "../schema/member.ts";
import { type Scalar, string, uint, unless } from "../schema/scalar.ts";

const OCTAL = /^\s*0*[0-7]{1,4}\s*$/;

/** Permission bits, written in octal with a leading zero. */
const fileMode: Scalar<number> = {
  read: (raw) => (OCTAL.test(raw) ? Number.parseInt(raw, 8) : undefined),
  write: (mode) => `0${mode.toString(8)}`,
  expects: "permission bits in octal",
  json: { type: "integer", minimum: 0, maximum: 0o7777 },
};

/** -1 leaves the owner to the host. */
const owner = unless("-1", uint);

export const Permissions = element("permissions", "Access rights on the host.", {
  mode: text(fileMode, { doc: "Permission bits, octal.", invalid: "malformed octal mode" }),
  owner: text(owner, { doc: "User id.", invalid: "malformed owner element" }),
  group: text(owner, { doc: "Group id.", invalid: "malformed group element" }),
  label: text(string, { doc: "Label of the security driver." }),
});
export type Permissions = Infer<typeof Permissions>;

export const permissions = child(Permissions, { doc: "Access rights on the host." });
