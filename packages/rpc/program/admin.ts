/** The administration of a daemon: servers, clients, logging. Spoken on a socket of its own. */
import { struct } from "../xdr/composite.ts";
import { hyper, uhyper, uint32 } from "../xdr/scalar.ts";
import { array } from "../xdr/sequence.ts";
import { call } from "./procedure.ts";
import { maybeText, text, typedParam } from "./remote/type.ts";

/** Largest number of elements. */
const LIMIT = {
  serverList: 16384,
  serverThreadpoolParameters: 32,
  clientList: 16384,
  clientInfoParameters: 64,
  serverClientLimits: 32,
} as const;

const server = struct({ name: text }, "server");
const client = struct({ srv: server, id: uhyper, timestamp: hyper, transport: uint32 }, "client");

/** Program "admin". Its typed parameters have the form of those of program "remote". */
export const admin = {
  name: "admin",
  number: 0x0690_0690,
  version: 1,
  procedures: {
    connectOpen: call(1, { api: "virAdmConnectOpen" }, { args: { flags: uint32 } }),
    connectClose: call(2, { api: "virAdmConnectClose" }),
    connectGetLibVersion: call(
      3,
      { api: "virAdmConnectGetLibVersion" },
      { ret: { libVer: uhyper } },
    ),
    connectListServers: call(
      4,
      { api: "virAdmConnectListServers" },
      {
        args: { need_results: uint32, flags: uint32 },
        ret: { servers: array(server, LIMIT.serverList), ret: uint32 },
      },
    ),
    connectLookupServer: call(
      5,
      { api: "virAdmConnectLookupServer" },
      { args: { name: text, flags: uint32 }, ret: { srv: server } },
    ),
    serverGetThreadpoolParameters: call(
      6,
      { api: "virAdmServerGetThreadPoolParameters" },
      {
        args: { srv: server, flags: uint32 },
        ret: { params: array(typedParam, LIMIT.serverThreadpoolParameters) },
      },
    ),
    serverSetThreadpoolParameters: call(
      7,
      { api: "virAdmServerSetThreadPoolParameters" },
      {
        args: {
          srv: server,
          params: array(typedParam, LIMIT.serverThreadpoolParameters),
          flags: uint32,
        },
      },
    ),
    serverListClients: call(
      8,
      { api: "virAdmServerListClients" },
      {
        args: { srv: server, need_results: uint32, flags: uint32 },
        ret: { clients: array(client, LIMIT.clientList), ret: uint32 },
      },
    ),
    serverLookupClient: call(
      9,
      { api: "virAdmServerLookupClient" },
      { args: { srv: server, id: uhyper, flags: uint32 }, ret: { clnt: client } },
    ),
    clientGetInfo: call(
      10,
      { api: "virAdmClientGetInfo" },
      {
        args: { clnt: client, flags: uint32 },
        ret: { params: array(typedParam, LIMIT.clientInfoParameters) },
      },
    ),
    clientClose: call(11, { api: "virAdmClientClose" }, { args: { clnt: client, flags: uint32 } }),
    serverGetClientLimits: call(
      12,
      { api: "virAdmServerGetClientLimits" },
      {
        args: { srv: server, flags: uint32 },
        ret: { params: array(typedParam, LIMIT.serverClientLimits) },
      },
    ),
    serverSetClientLimits: call(
      13,
      { api: "virAdmServerSetClientLimits" },
      { args: { srv: server, params: array(typedParam, LIMIT.serverClientLimits), flags: uint32 } },
    ),
    connectGetLoggingOutputs: call(
      14,
      { api: "virAdmConnectGetLoggingOutputs" },
      { args: { flags: uint32 }, ret: { outputs: text, noutputs: uint32 } },
    ),
    connectGetLoggingFilters: call(
      15,
      { api: "virAdmConnectGetLoggingFilters" },
      { args: { flags: uint32 }, ret: { filters: maybeText, nfilters: uint32 } },
    ),
    connectSetLoggingOutputs: call(
      16,
      { api: "virAdmConnectSetLoggingOutputs" },
      { args: { outputs: maybeText, flags: uint32 } },
    ),
    connectSetLoggingFilters: call(
      17,
      { api: "virAdmConnectSetLoggingFilters" },
      { args: { filters: maybeText, flags: uint32 } },
    ),
    serverUpdateTlsFiles: call(
      18,
      { api: "virAdmServerUpdateTlsFiles" },
      { args: { srv: server, flags: uint32 } },
    ),
    connectSetDaemonTimeout: call(
      19,
      { api: "virAdmConnectSetDaemonTimeout" },
      { args: { timeout: uint32, flags: uint32 } },
    ),
  },
} as const;
