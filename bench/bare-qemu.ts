/** QEMU by hand: the floor under every daemon. The same machine as bench/start-stop's domain, with nothing around it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const DEADLINE_MS = 10_000;

export interface BareRun {
  /** From spawn until `cont` is answered. */
  readonly startMs: number;
  /** From SIGKILL until the process is gone. */
  readonly destroyMs: number;
}

/** @param args QEMU's arguments without monitor and `-S` */
export async function runBareQemu(binary: string, args: readonly string[]): Promise<BareRun> {
  const directory = mkdtempSync(join(tmpdir(), "vireo-bench-"));
  const path = join(directory, "qmp");
  const signal = AbortSignal.timeout(DEADLINE_MS);
  // QEMU connects to us, so that nothing has to be polled.
  const server = createServer().listen(path);
  await once(server, "listening", { signal });
  const connected = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const start = performance.now();
  const monitor = [
    "-chardev",
    `socket,id=monitor,path=${path}`,
    "-mon",
    "chardev=monitor,mode=control",
  ];
  const qemu = spawn(binary, [...args, "-S", ...monitor], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    const socket = await connected;
    await converse(socket, ["qmp_capabilities", "cont"], signal);
    socket.destroy();
    const startMs = performance.now() - start;
    const killed = performance.now();
    qemu.kill("SIGKILL");
    await once(qemu, "exit", { signal });
    return { startMs, destroyMs: performance.now() - killed };
  } finally {
    qemu.kill("SIGKILL");
    server.close();
    rmSync(directory, { recursive: true });
  }
}

/** Waits for the greeting, then sends each command when the one before was answered. */
async function converse(
  socket: Socket,
  commands: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const queue = [...commands];
  let waiting = "QMP";
  for await (const line of createInterface({ input: socket, signal })) {
    if (!line.startsWith(`{"${waiting}"`)) continue;
    waiting = "return";
    const command = queue.shift();
    if (command === undefined) return;
    socket.write(`{"execute":"${command}"}\n`);
  }
  throw new Error("QEMU hung up before it answered");
}
