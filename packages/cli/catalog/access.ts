/** Commands about who may come in by HTTP. */
import { type Commands, data, flag, number, text } from "./option.ts";

const readOnly = flag("may look and change nothing");
const passwordFile = data("file whose first line is the password; /dev/stdin works");

export const accessCommands = {
  "user-list": { summary: "List who may sign in to the web console", options: {} },
  "user-create": {
    summary: "Let somebody sign in to the web console with a password",
    options: {
      name: data("name of the user"),
      "password-file": passwordFile,
      "read-only": readOnly,
    },
  },
  "user-password": {
    summary: "Give a user another password; open sessions end",
    options: { name: data("name of the user"), "password-file": passwordFile },
  },
  "user-delete": {
    summary: "Forget a user; open sessions end",
    options: { name: data("name of the user") },
  },
  "token-list": { summary: "List the tokens of programs that use HTTP", options: {} },
  "token-create": {
    summary: "Make a token for a program that uses HTTP; its secret is told once",
    options: {
      name: data("what it is called"),
      "read-only": readOnly,
      scopes: text("rights it is limited to, such as domain:start,network:*", { named: true }),
      days: number("uint", "how long it is good; for ever when not given", { named: true }),
    },
  },
  "token-delete": { summary: "Revoke a token", options: { name: data("what it is called") } },
} as const satisfies Commands;
