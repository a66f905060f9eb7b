/** Which HTTP request stands for an operation: derived from its name and its input, never listed. */
import type { Operation } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";
import { referenceFromText, referenceText } from "./reference-text.ts";
import type { JsonSchema } from "./value.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface Subject {
  readonly field: string;
  readonly schema: JsonSchema;
}

export interface Route {
  readonly operation: Operation;
  readonly method: Method;
  /** Below `/v1`; `{field}` stands for the reference that the input `field` is. */
  readonly path: string;
  /** The inputs that say which object, in the order of the path. */
  readonly subjects: readonly Subject[];
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

/** Whose part an object is: a `domainSnapshot` is a `domain`'s, if its inputs name one. */
const parentOf = (noun: string, { required }: Inputs): string | undefined =>
  Object.keys(OPERATIONS).find(
    (other) => other !== noun && noun.startsWith(other) && required.includes(other),
  );

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

interface Where {
  /** The collection, or the object in it. */
  readonly base: string;
  readonly hasSubject: boolean;
  readonly inQuery: boolean;
}

function placeOf(operation: Operation, { base, hasSubject, inQuery }: Where): Place {
  const [noun = "", verb = ""] = operation.name.split(".");
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
  if ((verb === "lookup" || verb === "find") && hasSubject) return "GET";
  return verb === removerOf(noun) && hasSubject ? "DELETE" : undefined;
}

/** What makes an object unknown; a pool's `delete` is about its storage. */
function removerOf(noun: string): string {
  const verbs: Readonly<Record<string, object>> = { ...OPERATIONS }[noun] ?? {};
  return Object.hasOwn(verbs, "undefine") ? "undefine" : "delete";
}

const isText = (schema: JsonSchema | undefined): boolean => schema?.["type"] === "string";

/** The field that names the object itself: a reference, or within a parent its `name`. */
function ownField(noun: string, inputs: Inputs, parent: string | undefined): string | undefined {
  const { required, properties } = inputs;
  if (parent !== undefined)
    return required.includes("name") && isText(properties["name"]) ? "name" : undefined;
  return shortNames(noun).find((name) => required.includes(name));
}

function baseOf(noun: string, parent: string | undefined, own: string | undefined): string {
  const item = own === undefined ? "" : `/{${own}}`;
  if (parent === undefined) return `/${collectionOf(noun)}${item}`;
  const part = `${kebab(noun.slice(parent.length)).slice(1)}s`;
  return `/${collectionOf(parent)}/{${parent}}/${part}${item}`;
}

function routeFor(operation: Operation): Route {
  const [noun = ""] = operation.name.split(".");
  const inputs = inputsOf(operation);
  const { properties, required } = inputs;
  const parent = parentOf(noun, inputs);
  const own = ownField(noun, inputs, parent);
  const fields = [parent, own].filter((field) => field !== undefined);
  const rest = Object.entries(properties).filter(([name]) => !fields.includes(name));
  const where = {
    base: baseOf(noun, parent, own),
    hasSubject: own !== undefined,
    inQuery: rest.every(fitsQuery),
  };
  const place = placeOf(operation, where);
  return {
    operation,
    ...place,
    subjects: fields.map((field) => ({ field, schema: properties[field] ?? {} })),
    fields: Object.fromEntries(rest),
    required: required.filter((name) => !fields.includes(name)),
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

const segmentOf = (reference: unknown): string =>
  encodeURIComponent(
    typeof reference === "object" && reference !== null
      ? referenceText(reference)
      : String(reference),
  );

/** The request that asks for an operation with this input. */
export function requestOf(route: Route, input: Readonly<Record<string, unknown>>): RouteRequest {
  const { method, path, subjects, query } = route;
  const named = subjects.map(({ field }) => field);
  const rest = Object.fromEntries(Object.entries(input).filter(([key]) => !named.includes(key)));
  const url = named.reduce(
    (at, field) => at.replace(`{${field}}`, () => segmentOf(input[field])),
    path,
  );
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
  { subjects, fields, query }: Route,
  request: {
    /** What stands in the path, by field. */
    readonly references: Readonly<Record<string, string>>;
    readonly query: Readonly<Record<string, readonly string[]>>;
    readonly body: Readonly<Record<string, unknown>>;
  },
): Readonly<Record<string, unknown>> {
  const given = Object.entries(request.query).map(([name, texts]): [string, unknown] => {
    const schema = fields[name];
    return [name, schema === undefined ? texts[0] : fromQuery(schema, texts)];
  });
  const named = subjects.map(({ field, schema }): [string, unknown] => {
    const text = request.references[field] ?? "";
    return [field, isText(schema) ? text : referenceFromText(schema, text)];
  });
  return {
    ...(query ? {} : request.body),
    ...Object.fromEntries(given),
    ...Object.fromEntries(named),
  };
}
