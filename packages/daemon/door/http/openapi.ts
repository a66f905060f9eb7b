/** OpenAPI 3.1 of the HTTP door, from the list of operations. */
import { ERRORS } from "@vireo/model/error-catalogue";
import { jsonSchema } from "@vireo/model/schema/json-schema";
import { ROUTES, type Route } from "@vireo/model/operation/route";
import type { JsonSchema } from "@vireo/model/operation/value";
import { documentOf } from "./document.ts";
import { JOB_STATES } from "./job-list.ts";
import { DOOR_PATHS, DOOR_SCHEMAS } from "./door-paths.ts";

const kinds = Object.keys(ERRORS);
const statuses = [...new Set(Object.values(ERRORS).map(({ http }) => http))].toSorted();

const PROBLEM: JsonSchema = {
  type: "object",
  required: ["type", "title", "status", "detail", "kind", "code", "domain"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { enum: statuses },
    detail: { type: "string" },
    kind: { enum: kinds },
    code: { type: "integer", description: "libvirt's error code." },
    domain: { type: "integer", description: "libvirt's error domain." },
  },
};

const JOB: JsonSchema = {
  type: "object",
  required: ["id", "operation", "by", "subject", "startedAt", "state"],
  properties: {
    id: { type: "string" },
    operation: { type: "string" },
    by: { type: "string" },
    subject: { type: "string" },
    startedAt: { type: "string", format: "date-time" },
    endedAt: { type: "string", format: "date-time" },
    state: { enum: JOB_STATES },
    progress: {
      type: "object",
      required: ["done", "total"],
      properties: {
        done: { type: "number" },
        total: { type: "number", description: "0 while it is not known." },
      },
      description: "Mostly bytes; of one job always the same unit.",
    },
    cancelling: { type: "boolean", description: "It was asked to end." },
    result: { description: "What the operation answered, for who asked for it." },
    error: { $ref: "#/components/schemas/Problem" },
  },
};

const json = (schema: JsonSchema) => ({ "application/json": { schema } });
const binary = { "application/octet-stream": { schema: {} } };
const problem = {
  description: "What went wrong.",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

const isBoxed = (schema: JsonSchema): boolean => typeof schema["description"] === "string";
const about = (schema: JsonSchema) =>
  isBoxed(schema) ? { description: String(schema["description"]) } : {};

function parametersOf({ subjects, fields, required, query, operation }: Route): unknown[] {
  const path = subjects.map(({ field }) => ({
    name: field,
    in: "path",
    required: true,
    description: "A name, a UUID, or `field=value` pairs joined by `&`.",
    schema: { type: "string", minLength: 1 },
  }));
  const inQuery = Object.entries(query ? fields : {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...about(schema),
    schema,
  }));
  const paging = operation.name.endsWith(".list")
    ? ["limit", "cursor"].map((name) => ({
        name,
        in: "query",
        schema: { type: "string", pattern: "^[0-9]{1,9}$" },
      }))
    : [];
  return [...path, ...inQuery, ...paging];
}

const documentName = (tag: string): string => `Document-${tag}`;

function bodyOf({ operation, fields, required, query }: Route): object {
  if (operation.stream === "write") return { requestBody: { required: true, content: binary } };
  if (query || Object.keys(fields).length === 0) return {};
  const type = documentOf(operation.name);
  const document =
    type === undefined
      ? {}
      : { document: { $ref: `#/components/schemas/${documentName(type.tag)}` } };
  const needed = type === undefined ? required : required.filter((name) => name !== "xml");
  const schema = {
    type: "object",
    properties: { ...fields, ...document },
    ...(needed.length === 0 ? {} : { required: needed }),
    additionalProperties: false,
  };
  const xml = fields["xml"] === undefined ? {} : { "application/xml": { schema: {} } };
  return { requestBody: { required: needed.length > 0, content: { ...json(schema), ...xml } } };
}

const listed = (items: JsonSchema): JsonSchema => ({
  type: "object",
  required: ["items", "total"],
  properties: { items, total: { type: "integer" }, next: { type: "string" } },
});

function successOf({ operation }: Route): object {
  const { output, stream, name } = operation;
  if (stream === "read") return { 200: { description: "The bytes.", content: binary } };
  if (stream === "both")
    return { 201: { description: "A ticket for a WebSocket.", content: json({ type: "object" }) } };
  if (stream === "write" || output.schema["type"] === "null")
    return { 204: { description: "Done." } };
  if (name.endsWith(".xml")) {
    const type = documentOf(name);
    const form =
      type === undefined ? {} : json({ $ref: `#/components/schemas/${documentName(type.tag)}` });
    return {
      200: {
        description: "The document.",
        content: { "application/xml": { schema: {} }, ...form },
      },
    };
  }
  const schema = name.endsWith(".list") ? listed(output.schema) : output.schema;
  return { 200: { description: "The answer.", content: json(schema) } };
}

const asJob = {
  202: {
    description: "Goes on as a job (`Prefer: respond-async`).",
    content: json({ $ref: "#/components/schemas/Job" }),
  },
};

function pathItem(route: Route): object {
  const { operation } = route;
  const [noun = ""] = operation.name.split(".");
  return {
    operationId: operation.name,
    summary: operation.doc,
    tags: [noun],
    parameters: parametersOf(route),
    ...bodyOf(route),
    responses: {
      ...successOf(route),
      ...(operation.lane === "read" || operation.stream !== undefined ? {} : asJob),
      default: problem,
    },
  };
}

/** `$defs` of a document become components; names are kept apart by the document's tag. */
function documentSchemas(): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = {};
  for (const { operation } of ROUTES) {
    const type = documentOf(operation.name);
    if (type === undefined || schemas[documentName(type.tag)] !== undefined) continue;
    const prefix = documentName(type.tag);
    const text = JSON.stringify(jsonSchema(type)).replaceAll(
      '"#/$defs/',
      `"#/components/schemas/${prefix}.`,
    );
    const { $defs = {}, ...root } = JSON.parse(text) as { $defs?: Record<string, JsonSchema> }; // made by jsonSchema
    schemas[prefix] = root;
    for (const [name, schema] of Object.entries($defs)) schemas[`${prefix}.${name}`] = schema;
  }
  return schemas;
}

/** The whole document. `version` is the daemon's. */
export function openApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES) {
    const path = `/v1${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: pathItem(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Vireo", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/" }],
    security: [{ token: [] }, { session: [] }],
    paths: { ...paths, ...DOOR_PATHS },
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "vireo-session" },
      },
      schemas: { Problem: PROBLEM, Job: JOB, ...DOOR_SCHEMAS, ...documentSchemas() },
    },
  };
}
