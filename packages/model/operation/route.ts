/** Which HTTP request stands for an operation: derived from its name and its input, never listed. */
import type { Operation } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";
import { referenceFromText, referenceText } from "./reference-text.ts";
import type { JsonSchema } from "./value.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface Route {
  readonly operation: Operation;
  readonly method: Method;
  /** Below `/v1`; `{subject}` stands for the reference. */
  readonly path: string;
  /** The input that says which object; it stands in the path. */
  readonly subject?: { readonly field: string; readonly schema: JsonSchema };
  /** The other inputs, by name. */
  readonly fields: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  /** Whether the other inputs stand in the query; otherwise in the body. */
  readonly query: boolean;
}

const kebab = (camel: string): string => camel.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/** `storagePool` -> `pool`: how inputs call an object of the noun. */
const shortNames = (noun: string): readonly string[] => [
  noun,
  kebab(noun).split("-").at(-1) ?? noun,
];

/** The host has no collection: there is one. */
const collectionOf = (noun: string): string => (noun === "connect" ? "host" : `${kebab(noun)}s`);

interface Inputs {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

const inputsOf = ({ input }: Operation): Inputs => {
  const { properties, required } = input.schema as unknown as Inputs; // `record` made it
  return { properties, required };
};

const isScalar = (schema: JsonSchema): boolean =>
  schema["enum"] !== undefined ||
  ["string", "boolean", "integer", "number"].includes(String(schema["type"]));

/** Whether a query can carry it: no list, and no whole document. */
const fitsQuery = ([name, schema]: readonly [string, JsonSchema]): boolean =>
  name !== "xml" && isScalar(schema);

type Place = Pick<Route, "method" | "path">;

function placeOf(operation: Operation, hasSubject: boolean, inQuery: boolean): Place {
  const [noun = "", verb = ""] = operation.name.split(".");
  const collection = `/${collectionOf(noun)}`;
  const base = hasSubject ? `${collection}/{subject}` : collection;
  const own = ownPlace(noun, verb, hasSubject);
  if (own !== undefined) return { method: own, path: base };
  const path = `${base}/${kebab(verb)}`;
  if (operation.stream === "write") return { method: "PUT", path };
  if (inQuery && (operation.lane === "read" || operation.stream === "read"))
    return { method: "GET", path };
  return /^set[A-Z]/.test(verb)
    ? { method: "PUT", path: path.replace("/set-", "/") }
    : { method: "POST", path };
}

/** The method of what is done to the collection or the object itself, without the verb in the path. */
function ownPlace(noun: string, verb: string, hasSubject: boolean): Method | undefined {
  if (verb === "define") return "POST";
  if (verb === "list" && !hasSubject) return "GET";
  if (verb === "lookup" && hasSubject) return "GET";
  return verb === removerOf(noun) && hasSubject ? "DELETE" : undefined;
}

/** What makes an object unknown; a pool's `delete` is about its storage. */
function removerOf(noun: string): string {
  const verbs: Readonly<Record<string, object>> = { ...OPERATIONS }[noun] ?? {};
  return Object.hasOwn(verbs, "undefine") ? "undefine" : "delete";
}

function routeFor(operation: Operation): Route {
  const [noun = ""] = operation.name.split(".");
  const { properties, required } = inputsOf(operation);
  const field = shortNames(noun).find((name) => required.includes(name));
  const schema = field === undefined ? undefined : properties[field];
  const rest = Object.entries(properties).filter(([name]) => name !== field);
  const inQuery = rest.every(fitsQuery);
  const place = placeOf(operation, schema !== undefined, inQuery);
  return {
    operation,
    ...place,
    ...(field === undefined || schema === undefined ? {} : { subject: { field, schema } }),
    fields: Object.fromEntries(rest),
    required: required.filter((name) => name !== field),
    query: ["GET", "DELETE"].includes(place.method) || operation.stream === "write",
  };
}

const allOperations = (): readonly Operation[] =>
  Object.values(OPERATIONS).flatMap((verbs) => Object.values(verbs) as Operation[]); // each is one

/** The routes of all operations. */
export const ROUTES: readonly Route[] = allOperations().map(routeFor);

const byName = new Map(ROUTES.map((route) => [route.operation.name, route]));

/** The route of an operation by its full name. */
export const routeOf = (name: string): Route | undefined => byName.get(name);

/** What a request carries beside method and path. */
export interface RouteRequest {
  readonly method: Method;
  /** With the query, below `/v1`. */
  readonly url: string;
  /** JSON, when there is any. */
  readonly body?: Readonly<Record<string, unknown>>;
}

function queryText(rest: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(rest).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined)
      .map((one) => `${name}=${encodeURIComponent(String(one))}`),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/** The request that asks for an operation with this input. */
export function requestOf(route: Route, input: Readonly<Record<string, unknown>>): RouteRequest {
  const { method, path, subject, query } = route;
  const named = subject === undefined ? undefined : input[subject.field];
  const rest = Object.fromEntries(Object.entries(input).filter(([key]) => key !== subject?.field));
  const reference =
    typeof named === "object" && named !== null ? encodeURIComponent(referenceText(named)) : "";
  const url = path.replace("{subject}", () => reference);
  return query ? { method, url: `${url}${queryText(rest)}` } : { method, url, body: rest };
}

/** One input from the texts of a query. */
function fromQuery(schema: JsonSchema, texts: readonly string[]): unknown {
  const [text = ""] = texts;
  if (schema["type"] === "boolean")
    return text === "true" || text === "" ? true : text === "false" ? false : text;
  const isNumber = schema["type"] === "integer" || schema["type"] === "number";
  return isNumber && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/**
 * The input that a request asks with, not yet checked.
 * @throws VireoError `invalidArg`
 */
export function inputOf(
  { subject, fields, query }: Route,
  request: {
    readonly reference: string;
    readonly query: Readonly<Record<string, readonly string[]>>;
    readonly body: Readonly<Record<string, unknown>>;
  },
): Readonly<Record<string, unknown>> {
  const given = Object.entries(request.query).map(([name, texts]): [string, unknown] => {
    const schema = fields[name];
    return [name, schema === undefined ? texts[0] : fromQuery(schema, texts)];
  });
  return {
    ...(query ? {} : request.body),
    ...Object.fromEntries(given),
    ...(subject === undefined
      ? {}
      : { [subject.field]: referenceFromText(subject.schema, request.reference) }),
  };
}
