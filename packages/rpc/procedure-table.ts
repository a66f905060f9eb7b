import type { Packet } from "./packet.ts";
import type { Handler, ProcedureInfo, ProgramBinding } from "./server-contract.ts";
import { RpcProtocolError } from "./rpc-error.ts";

/** A call that clients may make, and who serves it. */
export interface BoundProcedure<S> {
  readonly info: ProcedureInfo;
  readonly handler: Handler<unknown, unknown, S> | undefined;
}

/** Every call of the bound programs, found by the numbers of a packet's header. */
export class ProcedureTable<S> {
  readonly #programs: ReadonlyMap<string, ReadonlyMap<number, BoundProcedure<S>>>;

  constructor(bindings: readonly ProgramBinding<S>[]) {
    this.#programs = new Map(
      bindings.map((b) => [key(b.program.number, b.program.version), callsOf(b)]),
    );
  }

  /** The call a packet asks for. Throws RpcProtocolError in libvirtd's words. */
  find({ program, version, procedure }: Packet): BoundProcedure<S> {
    const calls = this.#programs.get(key(program, version));
    if (calls === undefined) {
      throw new RpcProtocolError(`Cannot find program ${program} version ${version}`);
    }
    const found = calls.get(procedure);
    if (found === undefined) throw new RpcProtocolError(`unknown procedure: ${procedure}`);
    return found;
  }
}

const key = (program: number, version: number): string => `${program}/${version}`;

function callsOf<S>({ program, handlers }: ProgramBinding<S>): Map<number, BoundProcedure<S>> {
  const calls = new Map<number, BoundProcedure<S>>();
  for (const [name, procedure] of Object.entries(program.procedures)) {
    if (procedure.kind !== "call") continue;
    const info = { ...procedure, program: program.name, name };
    calls.set(procedure.number, { info, handler: handlers[name] });
  }
  return calls;
}
