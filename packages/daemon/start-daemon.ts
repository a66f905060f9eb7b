/** Puts the daemon together: one root, its drivers, its doors. */
import type { Socket } from "node:net";
import type { Logger } from "pino";
import { explainError, virError } from "@vireo/model/error";
import type { Peer } from "@vireo/rpc/server-contract";
import { Api } from "./api/api.ts";
import type { AuditEntry } from "./api/audit.ts";
import type { HttpDoor } from "./door/http/http-door.ts";
import { RpcDoor } from "./door/rpc/rpc-door.ts";
import { startAccessDriver } from "./driver/access/access-driver.ts";
import type { Credentials, FirewallBackend, ImageReaders } from "./driver/contract.ts";
import { startNetworkDriver } from "./driver/network/network-driver.ts";
import { startNodeDeviceDriver } from "./driver/node-device/node-device-driver.ts";
import { startInterfaceDriver } from "./driver/interface/interface-driver.ts";
import { startNwFilterDriver } from "./driver/nwfilter/nwfilter-driver.ts";
import { startQemuDriver } from "./driver/qemu/qemu-driver.ts";
import { startSecretDriver } from "./driver/secret/secret-driver.ts";
import { startStorageDriver } from "./driver/storage/storage-driver.ts";
import { testDriver } from "./driver/test/test-driver.ts";
import { readText, removeLeftovers } from "./host/file.ts";
import type { DaemonLog } from "./host/daemon-log.ts";
import { runHooks } from "./host/hook.ts";
import { lockFile } from "./host/file-lock.ts";
import { makeDirectories, ownDirectories, type Paths } from "./host/paths.ts";
import { peerCredentials, socketFd } from "./host/peer.ts";
import { qemuUser } from "./host/qemu-user.ts";
import type { DaemonOptions } from "./options.ts";
import { VERSION } from "./version.ts";

export interface Daemon {
  /** Resolves when HTTP is served too, a little later. */
  readonly http: Promise<void>;
  /** Says that the administrator wants files read again; nothing of ours is kept in memory only. */
  readonly reload: () => Promise<void>;
  /** Hangs up on clients and lets go of the root; guests keep running. */
  readonly close: () => Promise<void>;
}

/** Only the owner may change anything; libvirt's group and polkit come with the access rules. */
const OWNER_ONLY = 0o700;
const EVERYBODY = 0o777;

function peerOf(socket: Socket): Peer {
  const fd = socketFd(socket);
  return fd === undefined ? { transport: "unix" } : { transport: "unix", ...peerCredentials(fd) };
}

const auditTo =
  (log: Logger) =>
  ({ caller, ...entry }: AuditEntry): void =>
    log.info({ audit: true, caller: caller.name, pid: caller.pid, ...entry }, "call");

/** The administrator's scripts; one that refuses the start ends the daemon. @throws VireoError `hookScriptFailed` */
const tellHooks = (
  paths: Paths,
  ...[operation, phase, extra]: [operation: string, phase: "-" | "begin", extra: string]
): Promise<void> => runHooks(paths.hooks, { kind: "daemon", object: "-", operation, phase, extra });

type HttpOptions = Pick<DaemonOptions, "http" | "httpTls" | "httpUri"> &
  Partial<Pick<DaemonOptions, "saveImageFormat" | "qemuUser" | "firewallBackend">>;

interface HttpNeeds {
  readonly paths: Paths;
  readonly log: Logger;
  readonly http: HttpOptions;
  readonly credentials: Credentials;
}

/** libvirt's clients are served already while fastify loads. */
async function openHttp(api: Api, { paths, log, http, credentials }: HttpNeeds): Promise<HttpDoor> {
  const { HttpDoor } = await import("./door/http/http-door.ts");
  const { httpTls: pem } = http;
  const door = new HttpDoor(api, {
    socket: { path: paths.socketHttp, mode: OWNER_ONLY },
    uri: http.httpUri,
    version: VERSION,
    credentials,
    ...(http.http === undefined
      ? {}
      : {
          listen: {
            ...http.http,
            ...(pem === undefined
              ? {}
              : { tls: { key: await readText(pem.key), cert: await readText(pem.cert) } }),
          },
        }),
  });
  const port = await door.open();
  log.info({ socket: paths.socketHttp, ...(port === undefined ? {} : { port }) }, "http");
  if (port !== undefined && !door.hasConsole)
    log.warn("the web console has not been built: run 'npm run build:console'");
  return door;
}

/** What belongs to the host whether or not there are guests. */
async function startHostDrivers(paths: Paths, log: Logger, firewall?: FirewallBackend) {
  const network = await startNetworkDriver(paths, log, firewall);
  const nwfilter = await startNwFilterDriver(paths, log, firewall);
  const { driver, devices } = await startNodeDeviceDriver(paths, log);
  const host = [driver, await startInterfaceDriver(paths, log)];
  const forDomains = { networks: network.networks, filters: nwfilter.filters, devices };
  return { beside: [network.driver, nwfilter.driver, ...host], forDomains };
}

/** What a crash in the middle of a write has left; nobody else writes while we hold the lock. */
async function clearLeftovers(paths: Paths): Promise<void> {
  await removeLeftovers(paths.lib, { below: false });
  await Promise.all(ownDirectories(paths).map((path) => removeLeftovers(path)));
}

/**
 * Resolves when every door takes connections and running guests are adopted.
 * @throws VireoError `operationFailed` when another daemon serves this root
 */
export async function startDaemon(
  paths: Paths,
  daemonLog: DaemonLog,
  options: HttpOptions = { httpUri: "" },
): Promise<Daemon> {
  const log = daemonLog.logger;
  await makeDirectories(paths);
  const lock = lockFile(paths.lock);
  if (lock === undefined)
    throw virError("operationFailed", `another vireod serves '${paths.run}' already`);
  await clearLeftovers(paths);
  await tellHooks(paths, "start", "-", "start");
  const secret = await startSecretDriver(paths, log);
  // the drivers ask each other, and one of them must come first
  const domains: { images?: ImageReaders | undefined } = {};
  const storage = await startStorageDriver(paths, {
    log,
    secrets: secret.secrets,
    images: () => domains.images,
  });
  const access = await startAccessDriver(paths, log);
  const host = await startHostDrivers(paths, log, options.firewallBackend);
  const beside = [storage.driver, secret.driver, ...host.beside];
  const always = [access.driver];
  const qemu = await startQemuDriver(paths, log, {
    secrets: secret.secrets,
    ...storage.forDomains,
    ...host.forDomains,
    ...(options.qemuUser !== undefined && { user: await qemuUser(options.qemuUser) }),
    ...(options.saveImageFormat && { saveImageFormat: options.saveImageFormat }),
  });
  domains.images = qemu.images;
  const test = testDriver(log);
  const api = new Api({ qemu, test, beside, always }, auditTo(log));
  const door = new RpcDoor(api, {
    identify: peerOf,
    log: daemonLog,
    sockets: [
      { path: paths.socket, kind: "rw", mode: OWNER_ONLY },
      { path: paths.socketReadOnly, kind: "ro", mode: EVERYBODY },
      { path: paths.socketAdmin, kind: "admin", mode: OWNER_ONLY },
    ],
  });
  await door.open();
  const http = openHttp(api, { paths, log, http: options, credentials: access.credentials });
  return {
    http: http.then(() => undefined),
    reload: () => tellHooks(paths, "reload", "begin", "SIGHUP"),
    close: async () => {
      await tellHooks(paths, "shutdown", "-", "shutdown").catch((error: unknown) =>
        log.warn(explainError(error)),
      );
      await http.then((opened) => opened.close()).catch(() => undefined); // its failure was told
      await door.close();
      await Promise.all([qemu, test, ...beside, ...always].map((driver) => driver.close()));
      lock.release();
    },
  };
}
