/** `/v1/jobs`: what runs and what ended lately; ending a job before its time. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { virError } from "@vireo/model/error";
import { findOperation } from "@vireo/model/operation/operations";
import type { Connection } from "../../api/connection.ts";
import { withoutResult, type Job, type JobList } from "./job-list.ts";

type ConnectionOf = (request: FastifyRequest) => Promise<Connection>;

export function jobRoutes(
  server: FastifyInstance,
  { jobs, connectionOf }: { readonly jobs: JobList; readonly connectionOf: ConnectionOf },
): void {
  /** A limited token sees its own. */
  const isSeen = ({ caller }: Connection, { by }: Job): boolean =>
    caller.scopes === undefined || by === caller.name;
  const find = (connection: Connection, id: string): Job => {
    const job = jobs.find(id);
    if (!isSeen(connection, job))
      throw virError("operationDenied", `job '${id}' is somebody else's`);
    return job.by === connection.caller.name ? job : withoutResult(job);
  };

  server.get("/v1/jobs", async (request) => {
    const connection = await connectionOf(request);
    return {
      items: jobs
        .all()
        .filter((job) => isSeen(connection, job))
        .map(withoutResult),
    };
  });

  server.get<{ Params: { id: string } }>("/v1/jobs/:id", async (request) =>
    find(await connectionOf(request), request.params.id),
  );

  server.delete<{ Params: { id: string } }>("/v1/jobs/:id", async (request, reply) => {
    const connection = await connectionOf(request);
    const { id, operation } = find(connection, request.params.id);
    const begun = findOperation(operation);
    if (begun !== undefined) connection.mustBeAllowed(begun); // who may not begin it may not end it
    return reply.code(202).send(withoutResult(await jobs.cancel(id)));
  });
}
