/** The web console's files, as `packages/console` builds them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";

const DIST = join(import.meta.dirname, "../../../console/dist");
const YEAR_S = 31_536_000;

/** Nothing from elsewhere; PatternFly and xterm set styles on elements. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

const guarded = (reply: FastifyReply): FastifyReply =>
  reply
    .header("content-security-policy", POLICY)
    .header("x-content-type-options", "nosniff")
    .header("referrer-policy", "no-referrer");

/** The page for every address that is none of the API's: its own router knows which screen it is. */
const PAGES = [
  "/",
  "/domains",
  "/domains/*",
  "/create",
  "/storage",
  "/storage/*",
  "/networks",
  "/networks/*",
  "/devices",
  "/images",
  "/host",
  "/jobs",
  "/access",
  "/settings",
];

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Vireo</title></head>
<body><h1>The web console has not been built</h1>
<p>Run <code>npm run build:console</code> where vireod was installed, and load this page again.
The <a href="/v1/openapi.json">HTTP API</a> is there without it.</p></body></html>
`;

/** Whether the console's files are there. */
export const isConsoleBuilt = (dist = DIST): boolean => existsSync(join(dist, "index.html"));

/** Without the console's files every page tells how to get them. `dist` is where they are. */
export async function consoleRoutes(server: FastifyInstance, dist = DIST): Promise<void> {
  await server.register(fastifyStatic, {
    root: join(dist, "assets"),
    prefix: "/assets/",
    immutable: true,
    maxAge: YEAR_S * 1000,
    index: false,
    preCompressed: true,
  });
  for (const page of PAGES)
    server.get(page, (_request, reply) =>
      isConsoleBuilt(dist)
        ? guarded(reply).header("cache-control", "no-cache").sendFile("index.html", dist)
        : guarded(reply).code(503).type("text/html; charset=utf-8").send(NOT_BUILT),
    );
}
