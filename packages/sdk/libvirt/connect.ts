/** Open a connection to vireod or to a real libvirtd. */
import { RpcClient } from "@vireo/rpc/client";
import { authProcedures } from "@vireo/rpc/program/remote/auth";
import { connectProcedures } from "@vireo/rpc/program/remote/connect";
import { REMOTE_FACTS } from "@vireo/rpc/program/remote-facts";
import { LibvirtConnection } from "./connection.ts";
import { withLibvirtErrors } from "./libvirt-error.ts";
import { parseLibvirtUri, type LibvirtUri } from "./libvirt-uri.ts";
import { Line, type ReconnectPolicy } from "./line.ts";
import { openTransport, TransportError } from "./transport.ts";

/** Choices of a caller. */
export interface ConnectOptions {
  /** Deadline for opening and, unless given there, for each call; in milliseconds. Default 30 s. */
  readonly timeoutMs?: number;
  /** Ask for a read-only connection, through the read-only socket. */
  readonly readOnly?: boolean;
  /** Pings on a silent connection; null for none. Default every 5 s, giving up after 6. */
  readonly keepalive?: { readonly intervalMs: number; readonly count: number } | null;
  /**
   * Make a lost connection again. Calls under way fail with DisconnectedError and are not repeated,
   * new ones wait within their deadlines; events are registered again and tell the gap; what belongs
   * to a connection (open consoles, `autodestroy` domains) is gone.
   */
  readonly reconnect?: boolean | ReconnectPolicy;
}

/** All that opening takes of program "remote". */
const opening = {
  ...REMOTE_FACTS,
  procedures: { ...authProcedures, ...connectProcedures },
} as const;

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_KEEPALIVE = { intervalMs: 5000, count: 6 };

const READ_ONLY_FLAG = 1;
const KEEPALIVE_FEATURE = 10;
const AUTH_NONE = 0;
const AUTH_POLKIT = 2;

/**
 * Connect, sign in and open. URIs: `qemu:///system`, `qemu+unix:///system?socket=PATH`,
 * `test:///default?socket=PATH`, `+tcp`, `+tls`, `+ssh`; empty: this host's daemon decides.
 * Throws UriError, TransportError, LibvirtError, DeadlineError, DisconnectedError.
 */
export async function connect(
  uri: string,
  options: ConnectOptions = {},
): Promise<LibvirtConnection> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, reconnect = false } = options;
  const target = parseLibvirtUri(uri);
  const open = (): Promise<RpcClient> => openClient(target, { ...options, timeoutMs });
  const policy = reconnect === true ? {} : reconnect;
  const line = new Line(await open(), { open, ...(policy === false ? {} : { reconnect: policy }) });
  return new LibvirtConnection(line, { uri, timeoutMs });
}

async function openClient(
  target: LibvirtUri,
  { timeoutMs, readOnly = false, keepalive }: ConnectOptions & { readonly timeoutMs: number },
): Promise<RpcClient> {
  const signal = AbortSignal.timeout(timeoutMs);
  const client = new RpcClient(await openTransport(target, { readOnly, signal }));
  try {
    await withLibvirtErrors(async () => {
      await signIn(client, signal);
      await offerKeepalive(client, { signal, keepalive });
      const flags = readOnly ? READ_ONLY_FLAG : 0;
      await client.call(opening, "connectOpen", { name: target.name, flags }, { signal });
    });
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Every client asks first how to sign in. */
async function signIn(client: RpcClient, signal: AbortSignal): Promise<void> {
  const { types } = await client.call(opening, "authList", undefined, { signal });
  const type = types[0] ?? AUTH_NONE;
  if (type === AUTH_POLKIT) await client.call(opening, "authPolkit", undefined, { signal });
  else if (type !== AUTH_NONE) {
    throw new TransportError(
      `The daemon wants authentication type ${type}, which is not supported`,
    );
  }
}

interface KeepaliveOffer {
  readonly signal: AbortSignal;
  readonly keepalive: ConnectOptions["keepalive"];
}

/** Asking for the feature starts the daemon's own pings. */
async function offerKeepalive(client: RpcClient, offer: KeepaliveOffer): Promise<void> {
  const { signal, keepalive = DEFAULT_KEEPALIVE } = offer;
  if (keepalive === null) return;
  const args = { feature: KEEPALIVE_FEATURE };
  const { supported } = await client.call(opening, "connectSupportsFeature", args, { signal });
  if (supported !== 0) client.startKeepalive(keepalive);
}
