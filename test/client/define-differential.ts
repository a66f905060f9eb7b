/** The same definitions given to a real libvirtd and to vireod: what each makes of them. */
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { LibvirtConnection } from "@vireo/sdk/libvirt/connection";
import { LibvirtError } from "@vireo/sdk/libvirt/libvirt-error";
import { firstDifference } from "../conformance/canonical-xml.ts";
import type { ConformanceResult } from "../conformance/result.ts";
import { randomOf } from "../property/mutate.ts";

/** `virDomainXMLFlags`: the definition, with its secrets. */
const INACTIVE_SECURE = 3;
const LIBVIRT_LIB = "/var/lib/libvirt";

export interface DefinitionCase {
  readonly id: string;
  readonly xml: string;
}

/** Emulation instead of KVM, which test machines lack; the emulator that is installed; a name of its own. */
const adapted = (xml: string, name: string): string =>
  xml
    .replace(/(<domain\b[^>]*\btype=)(['"])kvm\2/, "$1'qemu'")
    .replace(
      /<emulator>[^<]*x86_64<\/emulator>/,
      "<emulator>/usr/bin/qemu-system-x86_64</emulator>",
    )
    .replace(/<name>[^<]*<\/name>/, `<name>${name}</name>`);

/** The corpus's definitions, in an order that the seed decides. */
export function shuffledCases(corpus: string, seed: number): readonly DefinitionCase[] {
  const random = randomOf(seed);
  return globSync("xml2xml/{qemu,generic,qemu-fakecaps}/in/*.xml", { cwd: corpus })
    .toSorted()
    .map((file) => ({ file, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ file }) => {
      const name = basename(file, ".xml");
      const id = `${basename(join(file, "../.."))}/${name}`;
      return { id, xml: adapted(readFileSync(join(corpus, file), "utf8"), name) };
    });
}

/** What the daemon prints of the definition; undefined when it refuses it. */
async function definedBy(
  daemon: LibvirtConnection,
  xml: string,
): Promise<{ readonly xml: string } | { readonly refusal: string }> {
  try {
    const { dom } = await daemon.call("domainDefineXmlFlags", { xml, flags: 0 });
    const printed = await daemon.call("domainGetXmlDesc", { dom, flags: INACTIVE_SECURE });
    await daemon.call("domainUndefineFlags", { dom, flags: 0 });
    return printed;
  } catch (error) {
    if (error instanceof LibvirtError) return { refusal: error.message };
    throw error;
  }
}

/** Values drawn by lot, and the daemon's own directories. */
function canonical(printed: string, written: string, directory: string): string {
  const drawn = (kind: string) => (found: string) => (written.includes(found) ? found : kind);
  return printed
    .replaceAll(/\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/g, drawn("MAC"))
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, drawn("UUID"))
    .replaceAll(directory, LIBVIRT_LIB);
}

export interface Daemons {
  readonly libvirtd: LibvirtConnection;
  readonly vireod: LibvirtConnection;
  /** Where vireod keeps what libvirtd keeps in `/var/lib/libvirt`. */
  readonly vireodLib: string;
}

/** Undefined when libvirtd itself refuses the definition. */
export async function compareDefinition(
  { libvirtd, vireod, vireodLib }: Daemons,
  { id, xml }: DefinitionCase,
): Promise<ConformanceResult | undefined> {
  const theirs = await definedBy(libvirtd, xml);
  if ("refusal" in theirs) return undefined;
  const ours = await definedBy(vireod, xml.replaceAll(LIBVIRT_LIB, vireodLib));
  const detail =
    "refusal" in ours
      ? `refused: ${ours.refusal}`
      : firstDifference(
          canonical(ours.xml, xml, vireodLib),
          canonical(theirs.xml, xml, LIBVIRT_LIB),
        );
  const about = { corpus: "define-differential", tier: "qemu", id };
  return { ...about, passed: detail === undefined, detail: detail ?? "" };
}
