/** Connections of clients' lines: one for each caller, however many requests the line carries. */
import type { Socket } from "node:net";
import type { Connection } from "../../api/connection.ts";
import type { Caller } from "../../driver/contract.ts";

export class LineConnections {
  readonly #lines = new WeakMap<Socket, Map<string, Connection>>();
  readonly #open: (caller: Caller) => Connection;

  constructor(open: (caller: Caller) => Connection) {
    this.#open = open;
  }

  /** Closed with the line: what is to end with the client ends then. */
  of(line: Socket, caller: Caller): Connection {
    const connections = this.#lines.get(line) ?? this.#newLine(line);
    // somebody else by his name has other rights, perhaps
    const key = JSON.stringify(caller);
    const known = connections.get(key);
    if (known !== undefined) return known;
    const connection = this.#open(caller);
    connections.set(key, connection);
    return connection;
  }

  #newLine(line: Socket): Map<string, Connection> {
    const connections = new Map<string, Connection>();
    this.#lines.set(line, connections);
    line.once("close", () => {
      for (const connection of connections.values()) connection.close();
    });
    return connections;
  }
}
