import { attempt, document, done, type HandlersOf } from "../../answer.ts";
import type { networkFilterCommands } from "../../catalog/network-filter.ts";
import { defineFrom } from "../../define-object.ts";
import { editObject } from "../../edit-object.ts";
import { bits } from "../../flags.ts";
import { findNwfilter } from "../../lookup.ts";
import { byName } from "../../order.ts";
import { formatTable } from "../../table.ts";
import { selected } from "../../xpath-output.ts";

export const handlers: HandlersOf<typeof networkFilterCommands> = {
  async "nwfilter-define"({ file, validate }, context) {
    const connection = await context.connection();
    const { nwfilter } = await defineFrom(file, "Failed to define network filter", async (xml) =>
      validate
        ? await connection.call("nwfilterDefineXmlFlags", { xml, flags: 1 })
        : await connection.call("nwfilterDefineXml", { xml }),
    );
    return done(`Network filter ${nwfilter.name} defined from ${file}`, nwfilter);
  },

  async "nwfilter-undefine"({ nwfilter: word }, context) {
    const connection = await context.connection();
    const nwfilter = await findNwfilter(connection, word);
    await attempt(
      `Failed to undefine network filter ${word}`,
      connection.call("nwfilterUndefine", { nwfilter }),
    );
    return done(`Network filter ${word} undefined`, nwfilter);
  },

  async "nwfilter-dumpxml"({ nwfilter: word, ...choice }, context) {
    const connection = await context.connection();
    const nwfilter = await findNwfilter(connection, word);
    const { xml } = await connection.call("nwfilterGetXmlDesc", { nwfilter, flags: 0 });
    return document(selected(xml, choice));
  },

  async "nwfilter-edit"({ nwfilter: word }, context) {
    const connection = await context.connection();
    const nwfilter = await findNwfilter(connection, word);
    const { xml } = await connection.call("nwfilterGetXmlDesc", { nwfilter, flags: 0 });
    const save = async (text: string): Promise<unknown> =>
      await connection.call("nwfilterDefineXml", { xml: text });
    return await editObject(`Network filter ${nwfilter.name}`, { xml, save }, context);
  },

  async "nwfilter-list"(_, context) {
    const connection = await context.connection();
    const { filters } = await attempt(
      "Failed to list network filters",
      connection.call("connectListAllNwfilters", { need_results: 1, flags: 0 }),
    );
    const sorted = filters.toSorted(byName);
    const rows = sorted.map(({ uuid, name }) => [uuid, name]);
    return { data: sorted, text: (view) => formatTable(["UUID", "Name"], rows, view) };
  },

  async "nwfilter-binding-create"({ file, validate }, context) {
    const connection = await context.connection();
    const sentence = "Failed to create network filter";
    const { nwfilter } = await defineFrom(
      file,
      sentence,
      async (xml) =>
        await connection.call("nwfilterBindingCreateXml", { xml, flags: bits([validate, 1]) }),
    );
    return done(`Network filter binding on ${nwfilter.portdev} created from ${file}`, nwfilter);
  },

  async "nwfilter-binding-delete"({ binding }, context) {
    const connection = await context.connection();
    const { nwfilter } = await attempt(
      `failed to get nwfilter binding '${binding}'`,
      connection.call("nwfilterBindingLookupByPortDev", { name: binding }),
    );
    await attempt(
      `Failed to delete network filter binding on ${binding}`,
      connection.call("nwfilterBindingDelete", { nwfilter }),
    );
    return done(`Network filter binding on ${binding} deleted`, nwfilter);
  },

  async "nwfilter-binding-dumpxml"({ binding, ...choice }, context) {
    const connection = await context.connection();
    const { nwfilter } = await attempt(
      `failed to get nwfilter binding '${binding}'`,
      connection.call("nwfilterBindingLookupByPortDev", { name: binding }),
    );
    const { xml } = await connection.call("nwfilterBindingGetXmlDesc", { nwfilter, flags: 0 });
    return document(selected(xml, choice));
  },

  async "nwfilter-binding-list"(_, context) {
    const connection = await context.connection();
    const { bindings } = await attempt(
      "Failed to list network filter bindings",
      connection.call("connectListAllNwfilterBindings", { need_results: 1, flags: 0 }),
    );
    const rows = bindings
      .toSorted((a, b) => (a.portdev < b.portdev ? -1 : 1))
      .map(({ portdev, filtername }) => [portdev, filtername]);
    return { data: bindings, text: (view) => formatTable(["Port Dev", "Filter"], rows, view) };
  },
};
