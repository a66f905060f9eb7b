/** XML documents in JSON form: the same declarations read and print both. */
import { Domain } from "@vireo/model/domain/domain";
import { Network } from "@vireo/model/network/network";
import type { AnyElement } from "@vireo/model/schema/declaration";
import { format } from "@vireo/model/schema/format";
import { fromJson } from "@vireo/model/schema/from-json";
import type { Issue } from "@vireo/model/schema/issue";
import { parse } from "@vireo/model/schema/parse";
import { StoragePool } from "@vireo/model/storage/pool";
import { StorageVolume } from "@vireo/model/storage/volume";
import { readDocument } from "@vireo/model/xml/read-document";

/** What the `xml` of a noun's operations is. Devices and other parts travel as XML only. */
const DOCUMENTS: Readonly<Record<string, AnyElement>> = {
  domain: Domain,
  network: Network,
  storagePool: StoragePool,
  storageVolume: StorageVolume,
};

/** Verbs whose `xml` is the whole document. */
const WHOLE = new Set(["define", "create", "createFrom", "xml", "plan", "apply"]);

/** The declaration of an operation's document, when that has a JSON form. */
export function documentOf(operation: string): AnyElement | undefined {
  const [noun = "", verb = ""] = operation.split(".");
  return WHOLE.has(verb) ? DOCUMENTS[noun] : undefined;
}

const VIEW = { live: true, secure: true, migratable: false };

/** @throws VireoError `xmlError` that names the place */
export const xmlFromJson = (type: AnyElement, json: unknown): string =>
  format(type, fromJson(type, json), VIEW);

/** Of a document that the daemon printed itself. */
export function jsonFromXml(type: AnyElement, xml: string): unknown {
  const issues: Issue[] = [];
  return parse(type, readDocument(xml, { root: type.tag, label: type.tag }), issues);
}
