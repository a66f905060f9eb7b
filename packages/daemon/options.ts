/** What the command line of vireod can say. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { pathsOf } from "./host/paths.ts";
import { LOG_LEVELS, type LogLevel } from "./host/daemon-log.ts";
import type { FirewallBackend } from "./driver/contract.ts";

export interface DaemonOptions {
  /** Everything lies under this directory; the system's own places when absent. */
  readonly root?: string;
  readonly logLevel: LogLevel;
  /** TCP address of the HTTP door; without it there is only the local socket. */
  readonly http?: { readonly host: string; readonly port: number };
  /** PEM files; without them HTTP is clear text, which only the loopback address may be. */
  readonly httpTls?: { readonly key: string; readonly cert: string };
  /** Which hypervisor HTTP is about; the host's own when empty. */
  readonly httpUri: string;
  /** How memory is packed that is saved to files. */
  readonly saveImageFormat: (typeof SAVE_FORMATS)[number];
  /** `USER` or `USER:GROUP` that guests run as; our own when absent. */
  readonly qemuUser?: string;
  /** Where the administrator's scripts are; among our own settings when absent. */
  readonly hooks?: string;
  /** Where rules of networks and filters are; chosen by what the kernel can do when absent. */
  readonly firewallBackend?: FirewallBackend;
  readonly help: boolean;
  readonly version: boolean;
}

export const USAGE = `Usage: vireod [--root DIR] [--log-level LEVEL] [--http HOST:PORT]

  --root DIR         keep everything under DIR (etc, lib, log, run, cache) instead of /etc/vireo and so on
  --log-level LEVEL  debug, info, warn or error; info by default
  --http HOST:PORT   serve HTTP and the web console there too; HOST must be this machine's own (loopback)
                     unless --http-tls is given; [::1]:PORT for IPv6
  --http-tls KEY,CERT  PEM files of the key and the certificate for --http
  --http-uri URI     what HTTP is about: qemu:///system (the default) or test:///default
  --save-image-format FORMAT  pack the memory of saved guests: raw (the default), gzip or zstd
  --qemu-user USER[:GROUP]  run guests as that user, who has their images meanwhile; by default as vireod itself
  --hooks DIR        call the scripts in DIR, /etc/libvirt/hooks for example, instead of those in etc/hooks
  --firewall-backend nftables|iptables  who has the rules of networks and packet filters; without it nftables, but
                     iptables for filters where this kernel's nftables know no connections on bridges
  --version          print the version
  --help             print this page
`;

const SAVE_FORMATS = ["raw", "gzip", "zstd"] as const;

const FIREWALLS: readonly FirewallBackend[] = ["nftables", "iptables"];

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

function httpAddress(text: string, encrypted: boolean): NonNullable<DaemonOptions["http"]> {
  const [, six, four, port = ""] = /^(?:\[([\da-fA-F:]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? four;
  if (host === undefined || Number(port) > 65_535)
    throw new TypeError(`--http: expected HOST:PORT, got '${text}'`);
  if (!encrypted && !LOOPBACK.test(host))
    throw new TypeError(
      `--http: '${host}' is reachable from outside, where passwords must not travel in clear text: give --http-tls`,
    );
  return { host, port: Number(port) };
}

function httpTls(text: string): NonNullable<DaemonOptions["httpTls"]> {
  const [key = "", cert = "", ...rest] = text.split(",");
  if (key === "" || cert === "" || rest.length > 0)
    throw new TypeError(`--http-tls: expected KEY,CERT, got '${text}'`);
  return { key: resolve(key), cert: resolve(cert) };
}

function saveImageFormat(text: string): DaemonOptions["saveImageFormat"] {
  const found = SAVE_FORMATS.find((format) => format === text);
  if (found !== undefined) return found;
  throw new TypeError(
    `--save-image-format: expected one of ${SAVE_FORMATS.join(", ")}, got '${text}'`,
  );
}

function firewallBackend(text: string): FirewallBackend {
  const found = FIREWALLS.find((one) => one === text);
  if (found !== undefined) return found;
  throw new TypeError(`--firewall-backend: expected one of ${FIREWALLS.join(", ")}, got '${text}'`);
}

function logLevel(text: string): DaemonOptions["logLevel"] {
  const found = LOG_LEVELS.find((level) => level === text);
  if (found !== undefined) return found;
  throw new TypeError(`--log-level: expected one of ${LOG_LEVELS.join(", ")}, got '${text}'`);
}

/** Bytes that the kernel takes of a socket's path. */
const SOCKET_PATH_BYTES = 107;

function rootDirectory(text: string): string {
  const root = resolve(text);
  if (Buffer.byteLength(pathsOf(root).socketAdmin) > SOCKET_PATH_BYTES)
    throw new TypeError(
      `--root: '${root}' is too long: paths of sockets below it may have ${SOCKET_PATH_BYTES} bytes`,
    );
  return root;
}

/** @throws TypeError that says which option is wrong */
export function daemonOptions(argv: readonly string[]): DaemonOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      root: { type: "string" },
      "log-level": { type: "string" },
      http: { type: "string" },
      "http-tls": { type: "string" },
      "http-uri": { type: "string" },
      "save-image-format": { type: "string", default: "raw" },
      "qemu-user": { type: "string" },
      hooks: { type: "string" },
      "firewall-backend": { type: "string" },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean", short: "V" },
    },
  });
  const { "http-tls": tls, "qemu-user": qemuUser, "firewall-backend": firewall } = values;
  return {
    ...(qemuUser === undefined ? {} : { qemuUser }),
    ...(values.hooks === undefined ? {} : { hooks: resolve(values.hooks) }),
    ...(firewall === undefined ? {} : { firewallBackend: firewallBackend(firewall) }),
    logLevel: logLevel(values["log-level"] ?? "info"),
    saveImageFormat: saveImageFormat(values["save-image-format"]),
    httpUri: values["http-uri"] ?? "",
    ...(values.http === undefined ? {} : { http: httpAddress(values.http, tls !== undefined) }),
    ...(tls === undefined ? {} : { httpTls: httpTls(tls) }),
    help: values.help === true,
    version: values.version === true,
    ...(values.root === undefined ? {} : { root: rootDirectory(values.root) }),
  };
}
