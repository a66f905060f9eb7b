import { OPERATIONS, type OperationInput } from "@vireo/model/operation/operations";
import { attempt, type HandlersOf } from "../../answer.ts";
import type { insightCommands } from "../../catalog/insight.ts";
import type { Connection } from "../../connection.ts";
import { findDomain } from "../../lookup.ts";
import { readDescription } from "../../read-file.ts";
import { devicesText } from "./device-text.ts";
import { explainText } from "./explain-text.ts";
import { historyText } from "./history-text.ts";
import { pathsText } from "./path-text.ts";
import { countText, planText } from "./plan-text.ts";

const isFile = (word: string): boolean => word.includes("/") || word.endsWith(".xml");

type Subject = Pick<OperationInput<"domain", "explain">, "domain" | "xml">;

async function subjectOf(connection: Connection, word: string): Promise<Subject> {
  if (isFile(word)) return { xml: await readDescription(word) };
  return { domain: { uuid: (await findDomain(connection, word)).uuid } };
}

const { explain, hostDevices, networkPath, history, historyXml, plan, apply } = OPERATIONS.domain;

export const handlers: HandlersOf<typeof insightCommands> = {
  async explain({ domain, path, arg, inactive }, context) {
    const connection = await context.connection();
    const asked = { path, arg, ...(inactive ? { inactive } : {}) };
    const explained = await attempt(
      `Failed to explain '${domain}'`,
      connection.run(explain, { ...(await subjectOf(connection, domain)), ...asked }),
    );
    const whole = path === undefined && arg === undefined;
    return { data: explained, text: ({ quiet }) => explainText(explained, { quiet, whole }) };
  },

  async "net-why"({ domain, interface: name }, context) {
    const connection = await context.connection();
    const { uuid } = await findDomain(connection, domain);
    const paths = await attempt(
      `Failed to follow the packets of domain '${domain}'`,
      connection.run(networkPath, { domain: { uuid }, interface: name }),
    );
    return { data: paths, text: pathsText(paths) };
  },

  async "device-why"({ domain }, context) {
    const connection = await context.connection();
    const { uuid } = await findDomain(connection, domain);
    const devices = await attempt(
      `Failed to look at the devices of domain '${domain}'`,
      connection.run(hostDevices, { domain: { uuid } }),
    );
    return { data: devices, text: devicesText(devices) };
  },

  async history({ domain: name, at, "security-info": secure }, context) {
    const connection = await context.connection();
    const domain = { uuid: (await findDomain(connection, name)).uuid };
    const failed = `Failed to get the history of domain '${name}'`;
    if (at === undefined) {
      const revisions = await attempt(failed, connection.run(history, { domain }));
      return { data: revisions, text: (how) => historyText(revisions, how) };
    }
    const asked = { domain, at: Number(at), ...(secure ? { secure } : {}) };
    const xml = await attempt(failed, connection.run(historyXml, asked));
    return { data: xml, text: xml };
  },

  async plan({ domain, file }, context) {
    const xml = await readDescription(file);
    const connection = await context.connection();
    const { uuid } = await findDomain(connection, domain);
    const planned = await attempt(
      `Failed to plan the change of domain '${domain}'`,
      connection.run(plan, { domain: { uuid }, xml }),
    );
    const sentence = `${countText(planned)}\nRevision: ${planned.revision}`;
    return { data: planned, text: planText(planned, sentence) };
  },

  async apply({ domain, file, revision }, context) {
    const xml = await readDescription(file);
    const connection = await context.connection();
    const { uuid } = await findDomain(connection, domain);
    const done = await attempt(
      `Failed to change domain '${domain}'`,
      connection.run(apply, { domain: { uuid }, xml, revision }),
    );
    return { data: done, text: planText(done, `${countText(done)}\nRevision: ${done.revision}`) };
  },
};
