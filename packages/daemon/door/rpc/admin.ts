/**
 * The program of administrators (virt-admin), about the daemon and not about its objects: who is
 * connected to which server, how much each may use up, and where the log goes.
 */
import { virError } from "@vireo/model/error";
import { ClientTransport } from "@vireo/rpc/constant/admin";
import { admin } from "@vireo/rpc/program/admin";
import { bindProgram, RpcService } from "@vireo/rpc/server";
import type { HandlersOf, ServerSession } from "@vireo/rpc/server-contract";
import { param, type TypedParam } from "@vireo/rpc/typed-param";
import { LIBVIRT_VERSION } from "../../driver/libvirt-version.ts";
import type { DaemonLog } from "../../host/daemon-log.ts";
import { groupName, userName } from "../../host/user-name.ts";
import { readFlags } from "./flags.ts";
import { remoteError } from "./remote-error.ts";
import { numbersIn, paramsOf, type FieldTable } from "./typed-fields.ts";

/** What is administered. */
export interface Administered {
  /** By the names under which libvirtd has the same. */
  readonly servers: () => Readonly<Record<string, RpcService<object>>>;
  readonly log: DaemonLog;
}

type AdminHandlers = HandlersOf<typeof admin, object>;
interface Named {
  readonly name: string;
}

const none = (flags: number, call: string): void => void readFlags(flags, {}, `admin${call}`);

/** vireod has no threads that serve calls: a place for a call is what libvirt calls a worker. */
const POOL: FieldTable = {
  min: ["minWorkers", "uint"],
  max: ["maxWorkers", "uint"],
  all: ["nWorkers", "uint"],
  free: ["freeWorkers", "uint"],
  high: ["prioWorkers", "uint"],
  waiting: ["jobQueueDepth", "uint"],
};
const POOL_SETTABLE: FieldTable = {
  min: ["minWorkers", "uint"],
  any: ["maxWorkers", "uint"],
  high: ["prioWorkers", "uint"],
};
const CLIENTS: FieldTable = {
  max: ["nclients_max", "uint"],
  clients: ["nclients", "uint"],
  waitingMax: ["nclients_unauth_max", "uint"],
  waiting: ["nclients_unauth", "uint"],
};
const CLIENTS_SETTABLE: FieldTable = {
  max: ["nclients_max", "uint"],
  waitingMax: ["nclients_unauth_max", "uint"],
};
/** What is kept as it was told, for there is nothing behind it: no thread to prepare, no client that has to prove who it is. */
interface Told {
  min: number;
  waitingMax: number;
}

function find({ servers }: Administered, { name }: Named): RpcService<object> {
  const found = Object.entries(servers()).find(([known]) => known === name)?.[1];
  if (found === undefined) throw virError("noServer", `No server named '${name}'`, { from: 7 });
  return found;
}

function session(server: RpcService<object>, id: bigint): ServerSession<object> {
  const found = server.sessions.find((one) => BigInt(one.id) === id);
  if (found === undefined)
    throw virError("noClient", `No client with matching ID '${id}'`, { from: 7 });
  return found;
}

const wireClient = (srv: Named, { id, since, peer }: ServerSession<object>) => ({
  srv,
  id: BigInt(id),
  timestamp: BigInt(Math.floor(since.getTime() / 1000)),
  transport: ClientTransport[peer.transport],
});

/** The kernel's word on a client. */
async function identity({ peer, kind }: ServerSession<object>): Promise<TypedParam[]> {
  const { uid, gid, pid, address } = peer;
  const user = uid === undefined ? undefined : await userName(uid);
  const group = gid === undefined ? undefined : await groupName(gid);
  return [
    param.boolean("readonly", kind === "ro"),
    ...(address === undefined ? [] : [param.string("sock_addr", address)]),
    ...(uid === undefined ? [] : [param.int("unix_user_id", uid)]),
    ...(user === undefined ? [] : [param.string("unix_user_name", user)]),
    ...(gid === undefined ? [] : [param.int("unix_group_id", gid)]),
    ...(group === undefined ? [] : [param.string("unix_group_name", group)]),
    ...(pid === undefined ? [] : [param.int("unix_process_id", pid)]),
  ];
}

const connectHandlers = (administered: Administered): AdminHandlers => ({
  connectOpen: ({ flags }) => none(flags, "ConnectOpen"),
  connectClose: (_args, call) => call.session.closeAfterReplies(),
  connectGetLibVersion: () => ({ libVer: BigInt(LIBVIRT_VERSION) }),
  connectListServers: ({ need_results, flags }) => {
    none(flags, "ConnectListServers");
    const names = Object.keys(administered.servers());
    const servers = need_results === 0 ? [] : names.map((name) => ({ name }));
    return { servers, ret: names.length };
  },
  connectLookupServer: ({ name, flags }) => {
    none(flags, "ConnectLookupServer");
    find(administered, { name });
    return { srv: { name } };
  },
});

const logHandlers = ({ log }: Administered): AdminHandlers => ({
  connectGetLoggingOutputs: ({ flags }) => {
    none(flags, "ConnectGetLoggingOutputs");
    return { outputs: log.outputs.text, noutputs: log.outputs.count };
  },
  connectGetLoggingFilters: ({ flags }) => {
    none(flags, "ConnectGetLoggingFilters");
    const { text, count } = log.filters;
    return { filters: count === 0 ? null : text, nfilters: count };
  },
  connectSetLoggingOutputs: ({ outputs, flags }) => {
    none(flags, "ConnectSetLoggingOutputs");
    log.setOutputs(outputs ?? "");
  },
  connectSetLoggingFilters: ({ filters, flags }) => {
    none(flags, "ConnectSetLoggingFilters");
    log.setFilters(filters ?? "");
  },
});

function limitHandlers(administered: Administered): AdminHandlers {
  const told = new WeakMap<RpcService<object>, Told>();
  const toldOf = (server: RpcService<object>): Told => {
    const known = told.get(server) ?? { min: 0, waitingMax: 20 }; // 20 as with libvirtd
    told.set(server, known);
    return known;
  };
  return {
    serverGetThreadpoolParameters: ({ srv, flags }) => {
      none(flags, "ServerGetThreadPoolParameters");
      const server = find(administered, srv);
      const { places, serving, waiting } = server.calls;
      const free = Math.max(0, places.any + places.high - serving);
      const all = { min: toldOf(server).min, max: places.any, all: places.any, free, waiting };
      return { params: paramsOf({ ...all, high: places.high }, POOL) };
    },
    serverSetThreadpoolParameters: ({ srv, params, flags }) => {
      none(flags, "ServerSetThreadPoolParameters");
      const server = find(administered, srv);
      const { calls } = server;
      const known = toldOf(server);
      const { min = known.min, ...places } = numbersIn(params, POOL_SETTABLE);
      const wanted = { ...calls.places, ...places };
      if (min > wanted.any)
        throw virError("invalidArg", "minWorkers cannot be larger than maxWorkers", { from: 7 });
      known.min = min;
      calls.places = wanted;
    },
    serverGetClientLimits: ({ srv, flags }) => {
      none(flags, "ServerGetClientLimits");
      const server = find(administered, srv);
      const { waitingMax } = toldOf(server);
      const clients = server.sessions.length;
      const max = server.clientsMax;
      return { params: paramsOf({ max, clients, waitingMax, waiting: 0 }, CLIENTS) };
    },
    serverSetClientLimits: ({ srv, params, flags }) => {
      none(flags, "ServerSetClientLimits");
      const server = find(administered, srv);
      const known = toldOf(server);
      const wanted = numbersIn(params, CLIENTS_SETTABLE);
      const { max = server.clientsMax, waitingMax = known.waitingMax } = wanted;
      if (max < waitingMax)
        throw virError(
          "invalidArg",
          "The overall maximum number of clients waiting for authentication must not be less than the overall maximum number of clients",
          { from: 7 },
        );
      server.clientsMax = max;
      known.waitingMax = waitingMax;
    },
    serverUpdateTlsFiles: ({ srv, flags }) => {
      none(flags, "ServerUpdateTlsFiles");
      find(administered, srv);
      throw virError("internalError", "no tls service found, unable to update tls files", {
        from: 7,
      });
    },
  };
}

const clientHandlers = (administered: Administered): AdminHandlers => ({
  serverListClients: ({ srv, need_results, flags }) => {
    none(flags, "ServerListClients");
    const { sessions } = find(administered, srv);
    const clients = need_results === 0 ? [] : sessions.map((one) => wireClient(srv, one));
    return { clients, ret: sessions.length };
  },
  serverLookupClient: ({ srv, id, flags }) => {
    none(flags, "ServerLookupClient");
    return { clnt: wireClient(srv, session(find(administered, srv), id)) };
  },
  clientGetInfo: async ({ clnt, flags }) => {
    none(flags, "ClientGetInfo");
    return { params: await identity(session(find(administered, clnt.srv), clnt.id)) };
  },
  clientClose: ({ clnt, flags }) => {
    none(flags, "ClientClose");
    session(find(administered, clnt.srv), clnt.id).close("The administrator hung up");
  },
});

/** Only whoever runs the daemon administers it, as with libvirtd. */
function ownerOnly({ peer }: ServerSession<object>): void {
  if (peer.uid !== process.geteuid?.())
    throw virError("operationDenied", `Disallowing client with uid ${peer.uid ?? "unknown"}`, {
      from: 7,
    });
}

export const adminService = (administered: Administered): RpcService<object> =>
  new RpcService<object>({
    programs: [
      bindProgram<typeof admin, object>(admin, {
        ...connectHandlers(administered),
        ...logHandlers(administered),
        ...limitHandlers(administered),
        ...clientHandlers(administered),
      }),
    ],
    openState: () => ({}),
    authorize: ownerOnly,
    unsupported: ({ api, name }) => virError("noSupport", api ?? name, { from: 7 }),
    toRemoteError: remoteError,
  });
