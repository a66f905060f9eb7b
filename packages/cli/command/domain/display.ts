import type { XmlElement } from "@vireo/model/xml/tree";
import { CommandError, type HandlersOf, line } from "../../answer.ts";
import type { domainLifecycleCommands } from "../../catalog/domain-lifecycle.ts";
import type { Connection } from "../../connection.ts";
import { childAt, devicesOf, readDomain, XmlFlag } from "../../domain-device.ts";
import { findDomain } from "../../lookup.ts";

/** Kinds of display in the order they are looked for. */
const kinds = ["vnc", "spice", "rdp"];
/** Addresses that mean "every interface": the client asks the host it is connected to. */
const wildcards: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

const vncBase = 5900;

/** The address a client uses for one display; undefined while it listens nowhere. */
function displayUri(graphics: XmlElement, hostOfConnection: string): string | undefined {
  const type = graphics.attributes.get("type") ?? "";
  const socket =
    graphics.attributes.get("socket") ?? childAt(graphics, "listen")?.attributes.get("socket");
  if (socket !== undefined) return `${type}+unix://${socket}`;
  const port = portOf(graphics, "port");
  const tlsPort = portOf(graphics, "tlsPort");
  if (port === undefined && tlsPort === undefined) return undefined;
  const password = graphics.attributes.get("passwd");
  const query = type === "spice" ? spiceQuery(port, tlsPort, password) : "";
  const secret = password === undefined || type !== "vnc" ? "" : `:${password}@`;
  return `${type}://${secret}${hostOf(graphics, hostOfConnection)}${portText(type, port)}${query}`;
}

function portOf(graphics: XmlElement, attribute: string): number | undefined {
  const port = Number(graphics.attributes.get(attribute) ?? 0);
  return port > 0 ? port : undefined;
}

const portText = (type: string, port: number | undefined): string =>
  port === undefined ? "" : `:${type === "vnc" ? port - vncBase : port}`;

function spiceQuery(
  port: number | undefined,
  tlsPort: number | undefined,
  password: string | undefined,
): string {
  const tls = tlsPort === undefined || port === tlsPort ? [] : [`tls-port=${tlsPort}`];
  const secret = password === undefined ? [] : [`password=${password}`];
  const query = [...tls, ...secret].join("&");
  return query === "" ? "" : `?${query}`;
}

function hostOf(graphics: XmlElement, hostOfConnection: string): string {
  const listen =
    graphics.attributes.get("listen") ??
    childAt(graphics, "listen")?.attributes.get("address") ??
    "localhost";
  const host = wildcards.has(listen) ? hostOfConnection : listen;
  return host.includes(":") ? `[${host}]` : host;
}

/** The host in the address of the connection; this one when it names none. */
const connectedHost = ({ uri }: Connection): string =>
  /^[^:]+:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?]+)/.exec(uri)?.[1] ?? "localhost";

async function displays(
  connection: Connection,
  word: string,
  password: boolean,
): Promise<readonly XmlElement[]> {
  const dom = await findDomain(connection, word);
  if (dom.id === -1) throw new CommandError("Domain is not running");
  const root = await readDomain(connection, dom, password ? XmlFlag.secure : 0);
  return devicesOf(root, "graphics");
}

export const handlers: HandlersOf<typeof domainLifecycleCommands> = {
  async domdisplay({ domain, "include-password": password, type, all }, context) {
    const connection = await context.connection();
    const found = await displays(connection, domain, password);
    const wanted = type === undefined || type === "auto" ? kinds : [type];
    const host = connectedHost(connection);
    const uris = wanted
      .map((kind) => found.find((graphics) => graphics.attributes.get("type") === kind))
      .map((graphics) => (graphics === undefined ? undefined : displayUri(graphics, host)))
      .filter((uri) => uri !== undefined);
    if (uris.length === 0)
      throw new CommandError(
        type === undefined
          ? "No graphical display found"
          : `No graphical display with type '${type}' found`,
      );
    return all
      ? { data: uris, text: uris.map((uri) => `${uri}\n`).join("") }
      : { data: uris.slice(0, 1), text: uris[0] ?? "" };
  },

  async vncdisplay({ domain }, context) {
    const connection = await context.connection();
    const found = await displays(connection, domain, false);
    const vnc = found.find((graphics) => graphics.attributes.get("type") === "vnc");
    const port = vnc === undefined ? undefined : portOf(vnc, "port");
    if (vnc === undefined || port === undefined)
      throw new CommandError("Failed to get VNC port. Is this domain using VNC?");
    const listen =
      vnc.attributes.get("listen") ?? childAt(vnc, "listen")?.attributes.get("address") ?? "";
    const host = wildcards.has(listen) ? "" : listen.includes(":") ? `[${listen}]` : listen;
    return line(`${host}:${port - vncBase}`, { host, port });
  },
};
