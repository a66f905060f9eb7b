/** A secret: a value that domains and pools use by reference, and clients may be kept from reading. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError, type VireoError } from "../error.ts";
import { element, type Infer } from "../schema/element.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import { attr, child, choice, discriminant, requiredText, text } from "../schema/member.ts";
import { parse } from "../schema/parse.ts";
import { string, yesNo } from "../schema/scalar.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { uuid } from "../uuid.ts";
import { readDocument } from "../xml/read-document.ts";

const id = (name: string, missing: string) =>
  requiredText(string, {
    name,
    doc: "What the secret is for; unique per use.",
    missing,
    missingFault: "internalError",
  });

const Usage = element("usage", "What the secret is for.", {
  type: discriminant(["volume", "ceph", "iscsi", "tls", "vtpm"], {
    doc: "Kind of use.",
    missing: "unknown secret usage type",
    invalid: "unknown secret usage type %s",
    fault: "configUnsupported",
  }),
  id: choice({
    volume: id("volume", "volume usage specified, but volume path is missing"),
    ceph: id("name", "Ceph usage specified, but name is missing"),
    iscsi: id("target", "iSCSI usage specified, but target is missing"),
    tls: id("name", "TLS usage specified, but name is missing"),
    vtpm: id("name", "vTPM usage specified, but name is missing"),
  }),
});

export const Secret = element("secret", "A secret.", {
  ephemeral: attr(yesNo, {
    invalid: "invalid value of 'ephemeral'",
    doc: "Only in memory.",
    default: false,
  }),
  private: attr(yesNo, {
    invalid: "invalid value of 'private'",
    doc: "Never told to a client.",
    default: false,
  }),
  uuid: text(uuid, { doc: "UUID.", invalid: "malformed uuid element" }),
  description: text(string, { doc: "For people." }),
  usage: child(Usage, { doc: "What it is for." }),
});
export type Secret = Infer<typeof Secret> & {
  readonly uuid: string;
  readonly ephemeral: boolean;
  readonly private: boolean;
};

const refuse = (detail: string): VireoError =>
  virError("xmlError", detail, { from: ErrorDomain.secret });

/** @throws VireoError as libvirt words it */
export function parseSecret(xml: string, newUuid: () => string): Secret {
  const root = readDocument(xml, { root: "secret", label: "definition_of_secret" });
  const issues: Issue[] = [];
  const written = parse(Secret, root, issues);
  throwFirst(issues, ErrorDomain.secret);
  const { ephemeral = false, private: hidden = false } = written;
  if (written.usage !== undefined && written.usage.id === "")
    throw refuse(`missing id of ${written.usage.type} usage`);
  return { ...written, ephemeral, private: hidden, uuid: written.uuid ?? newUuid() };
}

export const formatSecret = (secret: Secret): string => format(Secret, secret);
