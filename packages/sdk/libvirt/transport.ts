/**
 * The ways to a daemon. Each gives a connected byte stream that speaks the protocol from its first byte. What only one
 * of them needs is loaded when it is taken: TLS alone would double the start of a command line.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect as connectSocket, type NetConnectOpts, type Socket } from "node:net";
import { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { LibvirtUri } from "./libvirt-uri.ts";
import { hostSocketFacts, socketPath } from "./socket-path.ts";

const TCP_PORT = 16_509;
const TLS_PORT = 16_514;
/** Sent by the daemon inside TLS when it accepts the client's certificate. */
const TLS_ACCEPTED = 1;

/** The daemon cannot be reached. */
export class TransportError extends Error {
  override readonly name = "TransportError";
}

/** What opening needs besides the URI. */
export interface TransportOptions {
  readonly readOnly: boolean;
  readonly signal: AbortSignal;
}

/** Connect. Throws TransportError. */
export async function openTransport(uri: LibvirtUri, options: TransportOptions): Promise<Duplex> {
  switch (uri.transport) {
    case "unix":
      return await openSocket(
        { path: socketPath(uri, options.readOnly, hostSocketFacts()) },
        options,
      );
    case "tcp":
      return await openSocket({ host: hostOf(uri), port: uri.port ?? TCP_PORT }, options);
    case "tls":
      return await openTls(uri, options);
    case "ssh":
      return await openSsh(uri, options);
  }
}

function hostOf(uri: LibvirtUri): string {
  if (uri.host === undefined) throw new TransportError(`Transport ${uri.transport} needs a host`);
  return uri.host;
}

function openSocket(where: NetConnectOpts, { signal }: TransportOptions): Promise<Socket> {
  const target = "path" in where ? where.path : `${String(where.host)}:${where.port}`;
  return established(connectSocket(where), { event: "connect", target, signal });
}

interface Establishing {
  readonly event: "connect" | "secureConnect";
  readonly target: string;
  readonly signal: AbortSignal;
}

function established<T extends Socket>(
  socket: T,
  { event, target, signal }: Establishing,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const failed = (error: unknown): void => {
    socket.destroy();
    reject(
      new TransportError(`Cannot connect to '${target}': ${messageOf(error)}`, { cause: error }),
    );
  };
  const aborted = (): void => {
    failed(signal.reason);
  };
  socket.once("error", failed);
  socket.once(event, () => {
    socket.removeListener("error", failed);
    resolve(socket);
  });
  signal.addEventListener("abort", aborted, { once: true });
  return promise.finally(() => {
    signal.removeEventListener("abort", aborted);
  });
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

async function openTls(uri: LibvirtUri, { signal }: TransportOptions): Promise<TLSSocket> {
  const host = hostOf(uri);
  const port = uri.port ?? TLS_PORT;
  const { connect: connectTls } = await import("node:tls");
  const socket = connectTls({
    host,
    port,
    servername: host,
    rejectUnauthorized: uri.parameters.get("no_verify") !== "1",
    ...(await certificates(uri.parameters.get("pkipath"))),
  });
  const secure = await established(socket, {
    event: "secureConnect",
    target: `${host}:${port}`,
    signal,
  });
  await accepted(secure, signal);
  return secure;
}

/** libvirt's certificate files; the client's own pair is optional. */
async function certificates(pki: string | undefined): Promise<object> {
  const ca = pki === undefined ? "/etc/pki/CA/cacert.pem" : `${pki}/cacert.pem`;
  const own = pki ?? "/etc/pki/libvirt";
  const key = pki === undefined ? `${own}/private/clientkey.pem` : `${own}/clientkey.pem`;
  const pair = await Promise.allSettled([readFile(`${own}/clientcert.pem`), readFile(key)]);
  const [cert, privateKey] = pair;
  return {
    ca: await readFile(ca).catch((cause: unknown) => {
      throw new TransportError(`Cannot read CA certificate '${ca}': ${messageOf(cause)}`, {
        cause,
      });
    }),
    ...(cert.status === "fulfilled" && privateKey.status === "fulfilled"
      ? { cert: cert.value, key: privateKey.value }
      : {}),
  };
}

/** Wait for the byte that says the certificate was accepted. */
async function accepted(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const ended = () => new TransportError("The daemon did not accept our certificate");
  const hungUp = async (): Promise<void> => {
    await once(socket, "end", { signal: either });
    throw ended();
  };
  try {
    // an error of the socket ends both
    await Promise.race([once(socket, "readable", { signal: either }), hungUp()]);
    const byte: unknown = socket.read(1);
    if (!Buffer.isBuffer(byte) || byte[0] !== TLS_ACCEPTED) throw ended();
  } catch (error) {
    socket.destroy();
    throw error instanceof TransportError
      ? error
      : new TransportError(`The daemon did not accept us: ${messageOf(error)}`, { cause: error });
  } finally {
    over.abort();
  }
}

/** What ssh says when it fails. */
const SAID_LIMIT = 1000;

/** Run a helper on the other host that joins its stdio to the daemon's socket. */
async function openSsh(uri: LibvirtUri, { readOnly }: TransportOptions): Promise<Duplex> {
  const { spawn } = await import("node:child_process");
  const child = spawn(
    uri.parameters.get("command") ?? "ssh",
    ["-T", ...sshOptions(uri), "-e", "none", "--", hostOf(uri), remoteCommand(uri, readOnly)],
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  const { stdin, stdout, stderr } = child;
  let said = "";
  stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-SAID_LIMIT);
  });
  stdin.on("error", () => undefined); // the end of ssh tells why
  const duplex = new Duplex({
    read: () => void stdout.resume(),
    write: (piece: Buffer, _encoding, done) => void stdin.write(piece, () => done()),
    final: (done) => void stdin.end(done),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  stdout.on("data", (piece: Buffer) => {
    if (!duplex.push(piece)) stdout.pause();
  });
  child.once("error", (error) => duplex.destroy(error));
  child.once("close", (code) => {
    if (code !== 0 && said !== "") duplex.destroy(new TransportError(`ssh: ${said.trim()}`));
    else duplex.push(null);
  });
  return duplex;
}

function sshOptions({ parameters, port, user }: LibvirtUri): readonly string[] {
  const given = (name: string, as: (value: string) => readonly string[]): readonly string[] => {
    const value = parameters.get(name);
    return value === undefined ? [] : as(value);
  };
  return [
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...(user === undefined ? [] : ["-l", user]),
    ...given("keyfile", (file) => ["-i", file]),
    ...given("known_hosts", (file) => ["-o", `UserKnownHostsFile=${file}`]),
    ...given("no_verify", (yes) => (yes === "1" ? ["-o", "StrictHostKeyChecking=no"] : [])),
    ...given("no_tty", (yes) => (yes === "1" ? ["-o", "BatchMode=yes"] : [])),
  ];
}

/** `virt-ssh-helper` where it exists, a netcat on the daemon's socket elsewhere. */
function remoteCommand(uri: LibvirtUri, readOnly: boolean): string {
  const socket = socketPath(uri, readOnly, { userRuntimeDir: "/run/user", exists: () => false });
  const netcat = `exec ${shellWord(uri.parameters.get("netcat") ?? "nc")} -U ${shellWord(socket)}`;
  if (uri.parameters.has("socket")) return netcat;
  const helper = `exec virt-ssh-helper ${readOnly ? "-r " : ""}${shellWord(uri.name)}`;
  return `if command -v virt-ssh-helper >/dev/null 2>&1; then ${helper}; else ${netcat}; fi`;
}

const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
