/** The program of our own: any operation by name, with JSON in and out. */
import { virError } from "@vireo/model/error";
import { findOperation } from "@vireo/model/operation/operations";
import type { vireo } from "@vireo/rpc/program/vireo";
import type { HandlersOf } from "@vireo/rpc/server-contract";
import { connectionOf, type DoorState } from "./door-session.ts";

function parsed(json: string, operation: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw virError("invalidArg", `input of ${operation} is not JSON`, { cause });
  }
}

export const vireoHandlers: HandlersOf<typeof vireo, DoorState> = {
  operationCall: async ({ operation: name, input }, { session }) => {
    const connection = connectionOf(session);
    const operation = findOperation(name);
    if (operation === undefined || operation.stream !== undefined)
      throw virError("noSupport", name);
    const output = await connection.callNamed(
      operation,
      operation.input.check(parsed(input, name), name),
    );
    return { output: JSON.stringify(output ?? null) };
  },
};
