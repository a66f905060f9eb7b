import { OPERATIONS } from "@vireo/model/operation/operations";
import { attempt, CommandError, done, type HandlersOf, line } from "../../answer.ts";
import type { accessCommands } from "../../catalog/access.ts";
import { readDescription } from "../../read-file.ts";
import { formatTable } from "../../table.ts";

const { user: userOperations, token: tokenOperations } = OPERATIONS;

const DAY_S = 86_400;

async function passwordIn(path: string): Promise<string> {
  const [first = ""] = (await readDescription(path)).split("\n");
  if (first === "") throw new CommandError(`The first line of '${path}' is empty`);
  return first;
}

const rightsOf = (readOnly: boolean): string => (readOnly ? "read" : "read, write");

export const handlers: HandlersOf<typeof accessCommands> = {
  async "user-list"(_args, context) {
    const users = await (await context.connection()).run(userOperations.list, {});
    const rows = users.map(({ name, readOnly }) => [name, rightsOf(readOnly)]);
    return { data: users, text: (view) => formatTable(["Name", "Rights"], rows, view) };
  },

  async "user-create"({ name, "password-file": file, "read-only": readOnly }, context) {
    const password = await passwordIn(file);
    const connection = await context.connection();
    const user = await attempt(
      `Failed to create user '${name}'`,
      connection.run(userOperations.create, { name, password, readOnly }),
    );
    return done(`User '${name}' created`, user);
  },

  async "user-password"({ name, "password-file": file }, context) {
    const password = await passwordIn(file);
    const connection = await context.connection();
    await attempt(
      `Failed to set the password of user '${name}'`,
      connection.run(userOperations.setPassword, { user: { name }, password }),
    );
    return done(`Password of user '${name}' set`, { name });
  },

  async "user-delete"({ name }, context) {
    const connection = await context.connection();
    await attempt(
      `Failed to delete user '${name}'`,
      connection.run(userOperations.delete, { user: { name } }),
    );
    return done(`User '${name}' deleted`, { name });
  },

  async "token-list"(_args, context) {
    const tokens = await (await context.connection()).run(tokenOperations.list, {});
    const rows = tokens.map(({ name, readOnly, scopes, expiresAt }) => [
      name,
      [rightsOf(readOnly), ...(scopes ?? [])].join(", "),
      expiresAt === undefined ? "never" : new Date(expiresAt).toISOString(),
    ]);
    return { data: tokens, text: (view) => formatTable(["Name", "Rights", "Ends"], rows, view) };
  },

  async "token-create"({ name, "read-only": readOnly, scopes, days }, context) {
    const connection = await context.connection();
    const lifeS = days === undefined ? {} : { lifeS: days * DAY_S };
    const token = await attempt(
      `Failed to create token '${name}'`,
      connection.run(tokenOperations.create, {
        name,
        readOnly,
        ...(scopes === undefined ? {} : { scopes: scopes.split(",") }),
        ...lifeS,
      }),
    );
    return line(token.secret, token);
  },

  async "token-delete"({ name }, context) {
    const connection = await context.connection();
    await attempt(
      `Failed to delete token '${name}'`,
      connection.run(tokenOperations.delete, { token: { name } }),
    );
    return done(`Token '${name}' deleted`, { name });
  },
};
