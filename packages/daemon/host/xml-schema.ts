/** Validation against the RelaxNG schemas of the host, which come with libvirt's libraries. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const DIRECTORY = "/usr/share/libvirt/schemas";

interface Validator {
  /** What is wrong, a line each; empty when nothing is. */
  readonly problems: (xml: string) => readonly string[];
}

const compiled = new Map<string, Promise<Validator>>();

/** Loaded when first needed: most daemons never validate. */
async function compile(path: string): Promise<Validator> {
  const [{ XmlDocument, RelaxNGValidator, XmlValidateError }, { xmlRegisterFsInputProviders }] =
    await Promise.all([import("libxml2-wasm"), import("libxml2-wasm/lib/nodejs.mjs")]);
  xmlRegisterFsInputProviders(); // the schema includes others beside it
  const { readFile } = await import("node:fs/promises");
  using schema = XmlDocument.fromBuffer(await readFile(path), { url: path });
  const validator = RelaxNGValidator.fromDoc(schema);
  return {
    problems: (xml) => {
      using document = XmlDocument.fromString(xml);
      try {
        validator.validate(document);
        return [];
      } catch (error) {
        if (!(error instanceof XmlValidateError)) throw error;
        return error.details.map(({ message }) => message.trim());
      }
    },
  };
}

/**
 * What the schema `name` (such as `domain`) has against the document, in libvirt's words; `undefined`
 * when it has nothing, or when the host has no such schema. The document must have passed our own
 * parser, which limits its size and refuses entities.
 */
export async function schemaObjection(
  xml: string,
  name: string,
  directory = DIRECTORY,
): Promise<string | undefined> {
  const path = join(directory, `${name}.rng`);
  if (!existsSync(path)) return undefined;
  const known = compiled.get(path) ?? compile(path);
  compiled.set(path, known);
  const problems = (await known).problems(xml);
  return problems.length === 0
    ? undefined
    : `Unable to validate doc against ${path}\n${problems.join("\n")}`;
}
