/** Stands between a client and a daemon's socket, and cuts the line where a test wants it. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class CutProxy {
  readonly #directory = mkdtempSync(join(tmpdir(), "vireo-proxy-"));
  readonly #target: string;
  readonly #lines = new Set<Socket>();
  #server: Server | undefined;
  /** Bytes that still come through from the daemon. */
  #left = Number.POSITIVE_INFINITY;
  #passed = 0;

  private constructor(target: string) {
    this.#target = target;
  }

  /** In front of the daemon that listens at `target`. */
  static async before(target: string): Promise<CutProxy> {
    const proxy = new CutProxy(target);
    await proxy.open();
    return proxy;
  }

  get socket(): string {
    return join(this.#directory, "sock");
  }

  get uri(): string {
    return `qemu+unix:///system?socket=${this.socket}`;
  }

  /** Bytes that came from the daemon so far. */
  get passed(): number {
    return this.#passed;
  }

  async open(): Promise<void> {
    const server = createServer((client) => this.#join(client)).listen(this.socket);
    await once(server, "listening");
    this.#server = server;
  }

  /** Nobody answers any more: lines are cut, and new ones refused. */
  async shut(): Promise<void> {
    this.cut();
    this.#server?.close();
    await once(this.#server ?? process, "close");
  }

  /** After so many more bytes from the daemon the line is cut; later ones are whole. */
  cutAfter(bytes: number): void {
    this.#left = bytes;
  }

  cut(): void {
    for (const line of this.#lines) line.destroy();
  }

  async cleanUp(): Promise<void> {
    await this.shut();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #join(client: Socket): void {
    const daemon = connect(this.#target);
    for (const [one, other] of [
      [client, daemon],
      [daemon, client],
    ] as const) {
      this.#lines.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        this.#lines.delete(one);
        other.destroy();
      });
    }
    client.pipe(daemon);
    daemon.on("data", (piece: Buffer) => {
      this.#passed += piece.length;
      const whole = piece.length <= this.#left;
      client.write(piece.subarray(0, Math.min(piece.length, this.#left)));
      this.#left -= piece.length;
      if (whole && this.#left > 0) return;
      this.#left = Number.POSITIVE_INFINITY;
      client.end();
      daemon.destroy();
    });
  }
}
