/** The text in an image's header that names the image below it -> where that image is. */
import { virError } from "@vireo/model/error";
import { sourceOfJson } from "./backing-json.ts";
import { sourceOfUrl } from "./backing-url.ts";
import type { NetworkHost, Slice, StorageSource } from "./storage-source.ts";

export interface Backing {
  readonly source: StorageSource;
  readonly slice?: Slice;
}

const refuse = (text: string): Error =>
  virError("internalError", `failed to parse backing file location '${text}'`);

/** `host:port`, `[address]:port` or `unix:/path`, and `:exportname=NAME` behind it. */
function nbd(rest: string): StorageSource | undefined {
  const [, place = "", name] = /^(.*?)(?::exportname=(.*))?$/s.exec(rest) ?? [];
  const host = place.startsWith("unix:")
    ? { transport: "unix" as const, socket: place.slice("unix:".length) }
    : inetHost(place);
  if (host === undefined) return undefined;
  return {
    type: "network",
    protocol: "nbd",
    hosts: [host],
    ...(name === undefined ? {} : { name }),
  };
}

function inetHost(place: string): NetworkHost | undefined {
  const [, bracketed, plain, port] = /^(?:\[(.*)\]|([^:]*)):(\d+):?$/.exec(place) ?? [];
  const name = bracketed ?? plain;
  return name === undefined ? undefined : { transport: "tcp", name, port: Number(port) };
}

/** Options of `rbd:` are separated by colons; one inside a value has a backslash before it. */
function rbd(rest: string): StorageSource {
  const [image = "", ...options] = rest
    .split(/(?<!\\):/)
    .map((part) => part.replace(/\\(.)/g, "$1"));
  const option = (key: string): string | undefined =>
    options.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1);
  const [name = "", snapshot] = image.split("@");
  const monitors = (option("mon_host") ?? "").split(/[;,]/).filter((one) => one !== "");
  const config = option("conf");
  return {
    type: "network",
    protocol: "rbd",
    name,
    hosts: monitors.map(monitorHost),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(config === undefined ? {} : { config }),
  };
}

function monitorHost(text: string): NetworkHost {
  const [, name = text, port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(text.trim()) ?? [];
  const bare = name.replace(/^\[(.*)\]$/, "$1");
  return { transport: "tcp", name: bare, ...(port === undefined ? {} : { port: Number(port) }) };
}

function legacy(text: string): StorageSource | undefined {
  if (text.startsWith("fat:")) return { type: "dir", path: text.slice("fat:".length) };
  if (text.startsWith("nbd:")) return nbd(text.slice("nbd:".length));
  if (text.startsWith("rbd:")) return rbd(text.slice("rbd:".length));
  return undefined;
}

/**
 * Where the image below is; a relative path stays relative to the image that names it.
 * @throws VireoError internalError for text that names nothing we know
 */
export function parseBacking(text: string): Backing {
  if (text.startsWith("json:")) {
    const found = sourceOfJson(text.slice("json:".length));
    if (found === undefined) throw refuse(text);
    return found;
  }
  const source = /^[a-z0-9+]*:\/\//i.test(text) ? sourceOfUrl(text) : (legacy(text) ?? file(text));
  if (source === undefined) throw refuse(text);
  return { source };
}

const file = (path: string): StorageSource => ({ type: "file", path });
