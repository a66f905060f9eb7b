/** The door for HTTP: the same operations as JSON, XML, events and streams; and the web console. */
import { chmodSync, rmSync } from "node:fs";
import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";
import websocket from "@fastify/websocket";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { virError } from "@vireo/model/error";
import type { Api } from "../../api/api.ts";
import type { Connection } from "../../api/connection.ts";
import type { Caller, Credentials } from "../../driver/contract.ts";
import { consoleRoutes, isConsoleBuilt } from "./console-routes.ts";
import { EventFeed } from "./event-feed.ts";
import { eventRoutes } from "./event-routes.ts";
import { callerOf, type Identity } from "./identity.ts";
import { acceptJson } from "./json-body.ts";
import { JobList } from "./job-list.ts";
import { jobRoutes } from "./job-routes.ts";
import { LineConnections } from "./line-connections.ts";
import { type DaemonFigures, metricsPage } from "./metrics.ts";
import { openApi } from "./openapi.ts";
import { operationRoutes } from "./operation-routes.ts";
import { PROBLEM_TYPE, problemOf } from "./problem.ts";
import { sessionRoutes } from "./session-routes.ts";
import { Sessions } from "./session.ts";
import { StreamTickets } from "./stream-tickets.ts";
import { streamRoutes } from "./stream-routes.ts";

/** A TCP address to serve beside the local socket. */
export interface HttpListen {
  readonly host: string;
  readonly port: number;
  /** PEM texts; without them the line is clear text. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface HttpDoorOptions {
  /** The local socket: for the owner, who needs no password. */
  readonly socket: { readonly path: string; readonly mode: number };
  readonly listen?: HttpListen;
  /** Which hypervisor; the host's own when empty. */
  readonly uri: string;
  readonly version: string;
  readonly credentials: Credentials;
}

const BODY_LIMIT = 16 * 1024 * 1024;
/** For what is read into memory. */
const BODY_MS = 60_000;

/** Whoever sends a body in drops is cut off. Streams are not bodies, for nothing parses them. */
function limitBodies(server: FastifyInstance): void {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  const calm = (request: FastifyRequest): void => clearTimeout(timers.get(request));
  server.addHook("onRequest", async (request) => {
    const cut = (): void => void request.raw.socket.destroy();
    timers.set(request, setTimeout(cut, BODY_MS).unref());
  });
  server.addHook("preValidation", async (request) => calm(request));
  server.addHook("onResponse", async (request) => calm(request));
}

export class HttpDoor {
  readonly #api: Api;
  readonly #options: HttpDoorOptions;
  readonly #servers: FastifyInstance[] = [];
  readonly #sessions = new Sessions();
  readonly #tickets = new StreamTickets();
  readonly #feed: EventFeed;
  readonly #jobs: JobList;
  readonly #lines = new LineConnections((caller) => this.#open(caller));

  /** Whether there is a web console to show. */
  get hasConsole(): boolean {
    return isConsoleBuilt();
  }

  constructor(api: Api, options: HttpDoorOptions) {
    this.#api = api;
    this.#options = options;
    const own = { name: "events", readOnly: true, door: "daemon" } as const;
    this.#feed = new EventFeed(api.open(options.uri, own));
    this.#jobs = new JobList((job) => this.#feed.add("job", { kind: "job", job }));
    options.credentials.onUserChange((user) => this.#sessions.endOf(user));
  }

  /**
   * Resolves with the port of the TCP address once all take requests.
   * @throws Error of Node when an address cannot be had
   */
  async open(): Promise<number | undefined> {
    const { socket, listen } = this.#options;
    rmSync(socket.path, { force: true }); // left by a daemon that was killed; ours holds the root's lock
    const local = await this.#serve(true);
    await local.listen({ path: socket.path });
    chmodSync(socket.path, socket.mode);
    if (listen === undefined) return undefined;
    const remote = await this.#serve(false, listen.tls);
    await remote.listen({ host: listen.host, port: listen.port });
    const address = remote.server.address();
    return typeof address === "object" ? address?.port : undefined;
  }

  async #serve(isLocal: boolean, tls?: HttpListen["tls"]): Promise<FastifyInstance> {
    const server = fastify({
      bodyLimit: BODY_LIMIT,
      requestTimeout: 0, // an upload takes as long as it moves; see limitBodies
      forceCloseConnections: true,
      routerOptions: { maxParamLength: 4096, ignoreTrailingSlash: true },
      ...(tls === undefined ? {} : { https: tls }),
    }) as unknown as FastifyInstance; // with or without TLS, the same instance for its routes
    this.#servers.push(server);
    await server.register(cookie);
    await server.register(rateLimit, { global: false });
    await server.register(websocket, { options: { maxPayload: 1024 * 1024 } });
    limitBodies(server);
    server.setErrorHandler((error, _request, reply) => {
      const problem = problemOf(error);
      return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
    });
    server.setNotFoundHandler((request) => {
      const nothing = virError("noSupport", `${request.method} ${request.url.slice(0, 200)}`);
      throw Object.assign(nothing, { statusCode: 404 });
    });
    acceptJson(server);
    server.removeContentTypeParser("text/plain"); // fastify's own: nothing here takes it
    server.addContentTypeParser("application/xml", { parseAs: "string" }, (_request, body, done) =>
      done(null, body),
    );
    server.addContentTypeParser("application/octet-stream", (_request, _body, done) => done(null));
    await consoleRoutes(server);
    this.#routes(server, isLocal);
    return server;
  }

  #routes(server: FastifyInstance, isLocal: boolean): void {
    const { credentials, version } = this.#options;
    const identity: Identity = { credentials, sessions: this.#sessions, isLocal };
    const connectionOf = async (request: FastifyRequest): Promise<Connection> =>
      this.#lines.of(request.raw.socket, await callerOf(request, identity));
    server.get("/v1/openapi.json", () => openApi(version));
    sessionRoutes(server, {
      identityOf: () => identity,
      isEncrypted: ({ protocol }) => protocol === "https",
    });
    // tickets are their own proof
    streamRoutes(server, this.#tickets);
    void server.register((guarded, _options, done) => {
      // before a body is read: nobody's is
      guarded.addHook("onRequest", async (request) => void (await callerOf(request, identity)));
      eventRoutes(guarded, this.#feed, connectionOf);
      jobRoutes(guarded, { jobs: this.#jobs, connectionOf });
      guarded.get("/metrics", async (request, reply) =>
        reply
          .type("application/openmetrics-text; version=1.0.0; charset=utf-8")
          .send(await metricsPage(await connectionOf(request), this.#figures())),
      );
      operationRoutes(guarded, {
        connectionOf,
        ownConnection: async (request) => this.#open(await callerOf(request, identity)),
        jobs: this.#jobs,
        tickets: this.#tickets,
      });
      done();
    });
  }

  #figures(): DaemonFigures {
    return {
      lanes: this.#api.meter.lanes,
      jobsRunning: this.#jobs.running,
      eventReaders: this.#feed.readers,
    };
  }

  #open(caller: Caller): Connection {
    return this.#api.open(this.#options.uri, caller);
  }

  async close(): Promise<void> {
    this.#feed.close();
    await Promise.all(this.#servers.map((server) => server.close()));
  }
}
