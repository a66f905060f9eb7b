/** What the HTTP door has beside the operations, as OpenAPI tells it. */
import type { JsonSchema } from "@vireo/model/operation/value";

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: JsonSchema) => ({ "application/json": { schema } });
const text = { type: "string" } as const;

const problem = {
  description: "What went wrong.",
  content: { "application/problem+json": { schema: ref("Problem") } },
};
const answers = (description: string, schema: JsonSchema, status = 200) => ({
  [status]: { description, content: json(schema) },
  default: problem,
});
const done = { 204: { description: "Done." }, default: problem };
const inPath = (name: string) => ({ name, in: "path", required: true, schema: text });

const SESSION: JsonSchema = {
  type: "object",
  required: ["user", "readOnly"],
  properties: {
    user: text,
    readOnly: { type: "boolean" },
    csrf: { ...text, description: "Sent as `X-CSRF-Token` with every change." },
    expiresAt: { ...text, format: "date-time" },
  },
};

const EVENT: JsonSchema = {
  type: "object",
  required: ["id", "at", "noun", "event"],
  properties: {
    id: { ...text, description: "For `Last-Event-ID`." },
    at: { ...text, format: "date-time" },
    noun: { ...text, description: "`domain`, `network`, `job` ..., or `feed`." },
    event: {
      type: "object",
      required: ["kind"],
      properties: {
        kind: { ...text, description: "Of `feed`: `hello`, or `gap` when some are lost." },
      },
    },
  },
};

/** Schemas that only these paths speak of. */
export const DOOR_SCHEMAS = { Session: SESSION, Event: EVENT };

const sessionPath = {
  post: {
    operationId: "session.open",
    summary: "Sign in with a password; the cookie is the session.",
    tags: ["session"],
    security: [],
    requestBody: {
      required: true,
      content: json({
        type: "object",
        required: ["user", "password"],
        properties: { user: text, password: text },
      }),
    },
    responses: answers("Signed in.", ref("Session"), 201),
  },
  get: {
    operationId: "session.find",
    summary: "Who am I.",
    tags: ["session"],
    responses: answers("Who asks.", ref("Session")),
  },
  delete: {
    operationId: "session.close",
    summary: "Sign out.",
    tags: ["session"],
    responses: done,
  },
};

const jobPaths = {
  "/v1/jobs": {
    get: {
      operationId: "job.list",
      summary: "Jobs that run, and those that ended lately.",
      tags: ["job"],
      responses: answers("The jobs, oldest first.", {
        type: "object",
        required: ["items"],
        properties: { items: { type: "array", items: ref("Job") } },
      }),
    },
  },
  "/v1/jobs/{id}": {
    parameters: [inPath("id")],
    get: {
      operationId: "job.find",
      summary: "How far a job is, or how it ended; the result for who asked for it only.",
      tags: ["job"],
      responses: answers("The job.", ref("Job")),
    },
    delete: {
      operationId: "job.cancel",
      summary: "Have a running job end; its state tells when it has.",
      tags: ["job"],
      responses: answers("Asked to end.", ref("Job"), 202),
    },
  },
};

const eventsPath = {
  get: {
    operationId: "event.read",
    summary: "What happens, as server-sent events, or by WebSocket when upgraded.",
    tags: ["event"],
    parameters: [
      { name: "noun", in: "query", schema: text },
      { name: "after", in: "query", description: "Id to go on from.", schema: text },
      { name: "Last-Event-ID", in: "header", schema: text },
    ],
    responses: {
      200: {
        description: "One `Event` in each `data:`.",
        content: { "text/event-stream": { schema: text } },
      },
      default: problem,
    },
  },
};

const bytesPath = {
  parameters: [inPath("ticket")],
  get: {
    operationId: "stream.open",
    summary: "The bytes of a console by WebSocket; the ticket is its own proof, once.",
    tags: ["stream"],
    security: [],
    responses: { 101: { description: "Goes on as a WebSocket." }, default: problem },
  },
};

const metricsPath = {
  get: {
    operationId: "daemon.metrics",
    summary: "Figures of domains and of the daemon.",
    tags: ["daemon"],
    responses: {
      200: {
        description: "OpenMetrics.",
        content: { "application/openmetrics-text": { schema: text } },
      },
      default: problem,
    },
  },
};

/** Path items by path. */
export const DOOR_PATHS = {
  "/v1/session": sessionPath,
  ...jobPaths,
  "/v1/events": eventsPath,
  "/v1/streams/{ticket}": bytesPath,
  "/metrics": metricsPath,
};
