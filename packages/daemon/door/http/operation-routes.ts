/** A route for each operation: decode, call, encode. */
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { virError } from "@vireo/model/error";
import { inputOf, ROUTES, type Route } from "@vireo/model/operation/route";
import { beginWork } from "../../api/work.ts";
import { documentOf, jsonFromXml, xmlFromJson } from "./document.ts";
import { withoutResult } from "./job-list.ts";
import { pageOf } from "./list-page.ts";
import { aboutJob, answerStream, type OperationServices } from "./operation-stream.ts";

type Input = Readonly<Record<string, unknown>>;
type Query = Readonly<Record<string, readonly string[]>>;

const isObject = (value: unknown): value is Input =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A query with each value as a list. */
function queryOf({ query }: FastifyRequest): Query {
  if (!isObject(query)) return {};
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      (Array.isArray(value) ? value : [value]).map(String),
    ]),
  );
}

const XML = /^application\/xml\b/;

/** XML may be the whole body, or a document in its JSON form. */
function bodyOf({ operation }: Route, { body, headers }: FastifyRequest): Input {
  if (typeof body === "string" && XML.test(headers["content-type"] ?? "")) return { xml: body };
  if (body === undefined || body === null) return {};
  if (!isObject(body)) throw virError("invalidArg", `${operation.name}: expected a JSON object`);
  const { document, ...rest } = body;
  const type = document === undefined ? undefined : documentOf(operation.name);
  return type === undefined ? body : { ...rest, xml: xmlFromJson(type, document) };
}

/** The revision that a change is meant for. */
function revisionOf({ headers }: FastifyRequest, { fields }: Route): Input {
  const match = headers["if-match"];
  return match === undefined || fields["revision"] === undefined
    ? {}
    : { revision: match.replace(/^W\//, "").replaceAll('"', "") };
}

const referencesIn = ({ params }: FastifyRequest): Readonly<Record<string, string>> =>
  isObject(params)
    ? Object.fromEntries(Object.entries(params).map(([field, text]) => [field, String(text)]))
    : {};

const isList = ({ operation, method }: Route): boolean =>
  operation.name.endsWith(".list") && method === "GET";

/** A list's own inputs, and what else its query has: filters and the page. */
function split({ fields }: Route, request: FastifyRequest): { own: Query; filters: Query } {
  const query = Object.entries(queryOf(request));
  const isOwn = ([name]: readonly [string, unknown]): boolean => Object.hasOwn(fields, name);
  return {
    own: Object.fromEntries(query.filter(isOwn)),
    filters: Object.fromEntries(query.filter((one) => !isOwn(one))),
  };
}

function checkedInput(route: Route, request: FastifyRequest): Input {
  const { operation } = route;
  const input = inputOf(route, {
    references: referencesIn(request),
    query: isList(route) ? split(route, request).own : queryOf(request),
    body: operation.stream === "write" ? {} : bodyOf(route, request),
  });
  // every operation takes a record
  return operation.input.check(
    { ...input, ...revisionOf(request, route) },
    operation.name,
  ) as Input;
}

/** Of the whole persistent definition (`inactive`, `secure`) this is its revision. */
const etagOf = (text: string): string => `"${createHash("sha256").update(text).digest("hex")}"`;

/** One request and what it is answered with. */
interface Exchange {
  readonly route: Route;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A document: XML unless JSON is preferred. */
function sendDocument({ route, request, reply }: Exchange, xml: string): FastifyReply {
  void reply.header("etag", etagOf(xml)).header("vary", "accept");
  if (request.headers["if-none-match"] === etagOf(xml)) return reply.code(304).send();
  const type = documentOf(route.operation.name);
  const json = /\bjson\b/.test(request.headers.accept ?? "");
  return json && type !== undefined
    ? reply.send(jsonFromXml(type, xml))
    : reply.type("application/xml; charset=utf-8").send(xml);
}

function send(exchange: Exchange, output: unknown): FastifyReply {
  const { route, request, reply } = exchange;
  const isDocument = route.operation.name.endsWith(".xml") && typeof output === "string";
  if (isDocument) return sendDocument(exchange, output);
  if (isList(route) && Array.isArray(output))
    return reply.send(pageOf(output, split(route, request).filters));
  if (output === undefined || output === null) return reply.code(204).send();
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(output));
}

const prefersAsync = ({ headers }: FastifyRequest): boolean =>
  String(headers["prefer"] ?? "").includes("respond-async");

async function answer(exchange: Exchange, services: OperationServices): Promise<FastifyReply> {
  const { route, request, reply } = exchange;
  const { operation } = route;
  const input = checkedInput(route, request);
  if (operation.stream !== undefined) return answerStream({ ...exchange, input }, services);
  const connection = await services.connectionOf(request);
  if (operation.lane === "read" || !prefersAsync(request))
    return send(exchange, await connection.callNamed(operation, input));
  const job = services.jobs.start(
    aboutJob(operation, input, connection),
    beginWork({ connection, operation, input }),
  );
  return reply
    .code(202)
    .header("location", `/v1/jobs/${job.id}`)
    .header("preference-applied", "respond-async")
    .send(withoutResult(job));
}

export function operationRoutes(server: FastifyInstance, services: OperationServices): void {
  for (const route of ROUTES)
    server.route({
      method: route.method,
      url: `/v1${route.path.replaceAll(/\{(\w+)\}/g, ":$1")}`,
      // before the body is read
      onRequest: async (request) => {
        (await services.connectionOf(request)).mustBeAllowed(route.operation);
      },
      handler: (request, reply) => answer({ route, request, reply }, services),
    });
}
