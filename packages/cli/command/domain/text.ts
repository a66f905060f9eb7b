import { LibvirtError } from "@vireo/sdk/libvirt/libvirt-error";
import type { DomainReference } from "@vireo/sdk/libvirt/procedure";
import {
  type Answer,
  attempt,
  CommandError,
  comfort,
  done,
  type HandlersOf,
} from "../../answer.ts";
import type { domainConfigCommands } from "../../catalog/domain-config.ts";
import type { Connection } from "../../connection.ts";
import { editText } from "../../edit.ts";
import { affectFlags, exclusive } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";

/** virDomainMetadataType. */
const MetadataType = { description: 0, title: 1, element: 2 } as const;
/** libvirt's code for "this metadata is not there". */
const noMetadata = 80;

interface Place {
  readonly dom: DomainReference;
  readonly type: number;
  readonly uri: string | null;
  readonly flags: number;
}

/** The metadata of a domain, or nothing when there is none. */
async function readMetadata(connection: Connection, place: Place): Promise<string | undefined> {
  try {
    return (await connection.call("domainGetMetadata", place)).metadata;
  } catch (error) {
    if (error instanceof LibvirtError && error.code === noMetadata) return undefined;
    throw error;
  }
}

/** Without a new line at the end, as virsh prints descriptions. */
const plainComfort = (text: string, data: unknown): Answer => ({ data, text: comfort(text) });

export const handlers: HandlersOf<typeof domainConfigCommands> = {
  async desc({ domain, live, config, current, title, edit, "new-desc": words }, context) {
    const flags = affectFlags({ live, config, current });
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const kind = title ? "title" : "description";
    const place: Place = { dom, type: MetadataType[kind], uri: null, flags };
    const save = async (text: string): Promise<void> => {
      const change = { ...place, metadata: text, key: null };
      const sentence = `Failed to set new domain ${kind}`;
      await attempt(sentence, connection.call("domainSetMetadata", change));
    };
    if (!edit && words.length === 0) {
      const found = await readMetadata(connection, place);
      if (found !== undefined) return { data: { [kind]: found }, text: found };
      return plainComfort(`No ${kind} for domain: ${domain}`, { [kind]: null });
    }
    if (edit) {
      const text = words.length > 0 ? words.join(" ") : await readMetadata(connection, place);
      const round = {
        text: text ?? "",
        suffix: ".txt",
        save: async (edited: string) => await save(edited.trimEnd()),
      };
      if (!(await editText(round, context)))
        return done(`Domain ${kind} not changed`, { changed: false });
    } else await save(words.join(" "));
    return plainComfort(`Domain ${kind} updated successfully`, { changed: true });
  },

  async metadata({ domain, uri, live, config, current, edit, key, set, remove }, context) {
    exclusive({ edit, set }, "edit", "set");
    exclusive({ remove, set }, "remove", "set");
    exclusive({ remove, edit }, "remove", "edit");
    if ((set !== undefined || edit) && key === undefined)
      throw new CommandError("namespace key is required when modifying metadata");
    const flags = affectFlags({ live, config, current });
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const place: Place = { dom, type: MetadataType.element, uri, flags };
    const save = async (text: string | null): Promise<void> => {
      const prefix = text === null ? null : (key ?? null);
      await connection.call("domainSetMetadata", { ...place, metadata: text, key: prefix });
    };
    if (remove) {
      await save(null);
      return done("Metadata removed");
    }
    if (set !== undefined) {
      await save(set);
      return done("Metadata modified");
    }
    if (edit) {
      const text = (await readMetadata(connection, place)) ?? "";
      const changed = await editText({ text, suffix: ".xml", save }, context);
      return done(changed ? "Metadata modified" : "Metadata not changed", { changed });
    }
    const { metadata } = await connection.call("domainGetMetadata", place);
    return { data: { metadata }, text: `${metadata}\n` };
  },
};
