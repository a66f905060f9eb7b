/** The door for libvirt's clients: sockets in, operations out. */
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { virError } from "@vireo/model/error";
import { lxc } from "@vireo/rpc/program/lxc";
import { qemu } from "@vireo/rpc/program/qemu";
import { remote } from "@vireo/rpc/program/remote";
import { vireo } from "@vireo/rpc/program/vireo";
import { bindProgram, RpcService } from "@vireo/rpc/server";
import type { Peer, SocketKind } from "@vireo/rpc/server-contract";
import type { Api } from "../../api/api.ts";
import { lendingSocket } from "../../host/lending-socket.ts";
import type { DaemonLog } from "../../host/daemon-log.ts";
import { adminService } from "./admin.ts";
import { authHandlers } from "./auth.ts";
import { authorize, authorizeArgs } from "./authorize.ts";
import { connectHandlers } from "./connect.ts";
import { domainCpuHandlers } from "./domain-cpu.ts";
import { domainTuneHandlers } from "./domain-tune.ts";
import { domainBackupHandlers } from "./domain-backup.ts";
import { domainBlockJobHandlers } from "./domain-block-job.ts";
import { domainCheckpointHandlers } from "./domain-checkpoint.ts";
import { domainAgentHandlers } from "./domain-agent.ts";
import { domainCounterHandlers } from "./domain-counters.ts";
import { domainDeviceHandlers } from "./domain-device.ts";
import { domainDumpHandlers } from "./domain-dump.ts";
import { domainGuestHandlers, qemuHandlers } from "./domain-guest.ts";
import { domainEventHandlers } from "./domain-event.ts";
import { domainJobHandlers } from "./domain-job.ts";
import { domainLifeHandlers } from "./domain-life.ts";
import { domainListHandlers } from "./domain-list.ts";
import { domainMonitorHandlers } from "./domain-monitor.ts";
import { domainSaveHandlers } from "./domain-save.ts";
import { domainSnapshotHandlers } from "./domain-snapshot.ts";
import type { DoorState } from "./door-session.ts";
import { networkHandlers } from "./network.ts";
import { networkPortHandlers } from "./network-port.ts";
import { nodeHandlers } from "./node.ts";
import { hostInterfaceHandlers } from "./host-interface.ts";
import { nodeDeviceHandlers } from "./node-device.ts";
import { nwfilterHandlers } from "./nwfilter.ts";
import { remoteError } from "./remote-error.ts";
import { secretHandlers } from "./secret.ts";
import { storagePoolHandlers } from "./storage-pool.ts";
import { storageVolumeHandlers } from "./storage-volume.ts";
import { vireoHandlers } from "./vireo.ts";

export interface DoorSocket {
  readonly path: string;
  readonly kind: SocketKind;
  /** File mode: who may connect. */
  readonly mode: number;
}

export interface RpcDoorOptions {
  readonly sockets: readonly DoorSocket[];
  readonly identify: (socket: Socket) => Peer;
  /** What administrators may turn. */
  readonly log: DaemonLog;
}

const rpcService = (api: Api): RpcService<DoorState> =>
  new RpcService<DoorState>({
    programs: [
      bindProgram<typeof remote, DoorState>(remote, {
        ...authHandlers,
        ...connectHandlers(api),
        ...nodeHandlers,
        ...domainLifeHandlers,
        ...domainMonitorHandlers,
        ...domainCounterHandlers,
        ...domainListHandlers,
        ...domainEventHandlers,
        ...storagePoolHandlers,
        ...storageVolumeHandlers,
        ...secretHandlers,
        ...networkHandlers,
        ...networkPortHandlers,
        ...nwfilterHandlers,
        ...hostInterfaceHandlers,
        ...nodeDeviceHandlers,
        ...domainDeviceHandlers,
        ...domainGuestHandlers,
        ...domainDumpHandlers,
        ...domainAgentHandlers,
        ...domainSaveHandlers,
        ...domainJobHandlers,
        ...domainSnapshotHandlers,
        ...domainCpuHandlers,
        ...domainTuneHandlers,
        ...domainBlockJobHandlers,
        ...domainBackupHandlers,
        ...domainCheckpointHandlers,
      }),
      bindProgram<typeof qemu, DoorState>(qemu, qemuHandlers),
      bindProgram<typeof lxc, DoorState>(lxc, {}),
      bindProgram<typeof vireo, DoorState>(vireo, vireoHandlers),
    ],
    openState: () => ({}),
    authorize,
    authorizeArgs,
    unsupported: ({ api: name, name: procedure }) =>
      virError("noSupport", name ?? procedure, { from: 20 }),
    toRemoteError: remoteError,
  });

export class RpcDoor {
  readonly #service: RpcService<DoorState>;
  readonly #admin: RpcService<object>;
  readonly #servers: Server[] = [];
  readonly #options: RpcDoorOptions;

  constructor(api: Api, options: RpcDoorOptions) {
    this.#service = rpcService(api);
    this.#admin = adminService({
      servers: () => ({ libvirtd: this.#service, admin: this.#admin }),
      log: options.log,
    });
    this.#options = options;
  }

  /** Resolves when every socket takes connections. */
  async open(): Promise<void> {
    await Promise.all(this.#options.sockets.map((socket) => this.#listen(socket)));
  }

  #listen({ path, kind, mode }: DoorSocket): Promise<void> {
    rmSync(path, { force: true }); // left by a daemon that was killed; ours holds the root's lock
    const server = createServer({ allowHalfOpen: false, pauseOnConnect: true }, (socket) => {
      const peer = this.#options.identify(socket);
      const service = kind === "admin" ? this.#admin : this.#service;
      service.accept(lendingSocket(socket), peer, kind);
    });
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, () => {
        chmodSync(path, mode);
        resolve();
      });
    });
  }

  /** Hangs up on every client; guests do not notice. */
  async close(): Promise<void> {
    this.#service.close();
    this.#admin.close();
    await Promise.all(
      this.#servers.map((server) => new Promise<void>((done) => void server.close(() => done()))),
    );
  }
}
