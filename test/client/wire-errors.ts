/** Malformed and misplaced calls: what a daemon answers on the wire, in raw packets. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { type Packet, type PacketHeader, rawPacket } from "@vireo/rpc/packet";
import { PacketReader } from "@vireo/rpc/packet-reader";
import { remote } from "@vireo/rpc/program/remote";
import { remoteError } from "@vireo/rpc/program/remote/type";
import { decode } from "@vireo/rpc/xdr/xdr-type";

const DEADLINE_MS = 10_000;

const CALL: PacketHeader = {
  program: remote.number,
  version: 1,
  procedure: remote.procedures.domainGetInfo.number,
  type: 0,
  serial: 300,
  status: 0,
};

/** Every client's first call; before it a daemon may refuse any other. */
const SIGN_IN = rawPacket({ ...CALL, procedure: remote.procedures.authList.number, serial: 0 });

/** The packet that answers `bytes` on a fresh connection; undefined when the daemon hangs up. */
export async function answerTo(socketPath: string, bytes: Buffer): Promise<Packet | undefined> {
  const socket = connect({ path: socketPath });
  const reader = new PacketReader();
  const deadline = setTimeout(() => socket.destroy(new Error("No answer")), DEADLINE_MS);
  socket.write(SIGN_IN);
  try {
    for await (const piece of socket) {
      reader.push(piece as Buffer);
      for (let packet = reader.next(); packet !== undefined; packet = reader.next()) {
        if (packet.procedure !== remote.procedures.authList.number) return packet;
        socket.write(bytes); // only now: a daemon may serve two calls at once
      }
    }
    return undefined;
  } catch (error) {
    // the daemon hung up before it had read everything
    if (error instanceof Error && "code" in error && error.code === "ECONNRESET") return undefined;
    throw error;
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
}

async function messageOf(
  socketPath: string,
  header: object,
  body?: Buffer,
): Promise<string | null> {
  const packet = await answerTo(socketPath, rawPacket({ ...CALL, ...header }, body));
  assert.ok(packet);
  assert.deepEqual([packet.type, packet.status, packet.serial], [1, 1, 300]);
  const error = decode(remoteError, packet.body);
  assert.deepEqual([error.code, error.domain, error.level], [39, 7, 2]);
  return error.message;
}

/** Check the protocol layer's refusals, which are the same for libvirtd and vireod. */
export async function checkWireErrors(socketPath: string): Promise<void> {
  const message = (header: object, body?: Buffer): Promise<string | null> =>
    messageOf(socketPath, header, body);
  assert.equal(await message({ program: 99 }), "Cannot find program 99 version 1");
  assert.equal(await message({ version: 3 }), "Cannot find program 536903814 version 3");
  assert.equal(await message({ procedure: 9999 }), "unknown procedure: 9999");
  assert.equal(await message({ procedure: 0 }), "unknown procedure: 0");
  assert.equal(await message({ procedure: 318 }), "unknown procedure: 318");
  assert.equal(await message({ status: 2 }), "Unexpected message status 2");
  assert.equal(await message({}, Buffer.of(1)), "Unable to decode message payload");
  const ping = rawPacket({ ...CALL, program: 0x6b65_6570, procedure: 1, type: 2, serial: 42 });
  const pong = await answerTo(socketPath, ping);
  assert.deepEqual([pong?.procedure, pong?.type, pong?.serial], [2, 2, 0]);
  const short = rawPacket(CALL);
  short.writeUInt32BE(27, 0);
  assert.equal(await answerTo(socketPath, short), undefined);
}
