/**
 * Reads files of which any may hang: attributes of devices whose driver does not answer. Such a read cannot be taken
 * back and holds one of Node's threads, so some are left to everybody else; what hangs is given up after a while and
 * not tried again, nor its neighbours in the same directory, until the kernel answers.
 */
import { closeSync, open, read } from "node:fs";
import { dirname } from "node:path";

/** As bin/vireod sets it; Node's own number otherwise. */
const THREADS = Number(process.env["UV_THREADPOOL_SIZE"] ?? 4);
const LEFT_TO_OTHERS = 2;
const PATIENCE_MS = 1000;

/** Without the objects of `fs/promises`: there are hosts with ten thousand devices. */
const readOnce = (path: string, limit: number): Promise<Buffer | undefined> =>
  new Promise((resolve) => {
    open(path, (openError, fd) => {
      if (openError !== null) {
        resolve(undefined); // it is not there
        return;
      }
      const buffer = Buffer.allocUnsafe(limit);
      read(fd, buffer, 0, limit, 0, (readError, bytes) => {
        closeSync(fd);
        resolve(readError === null ? buffer.subarray(0, bytes) : undefined);
      });
    });
  });

let hanging = 0;

/** Whether a read hangs at this moment: Node would wait for it before it ends. */
export const isReadHanging = (): boolean => hanging > 0;

export class CarefulReader {
  readonly #onHang: (path: string) => void;
  readonly #hanging = new Set<string>();
  readonly #waiting: ((mayRead: boolean) => void)[] = [];
  readonly #slots: number;
  #free: number;
  #stuck = 0;

  /** @param onHang is told of each read that is given up */
  constructor(onHang: (path: string) => void, slots: number = THREADS - LEFT_TO_OTHERS) {
    this.#onHang = onHang;
    this.#slots = slots;
    this.#free = slots;
  }

  /** At most so many bytes from its beginning; undefined when it cannot be read, or not in time. */
  async read(path: string, limit: number): Promise<Buffer | undefined> {
    if (this.#hanging.has(dirname(path)) || !(await this.#slot())) return undefined;
    if (this.#hanging.has(dirname(path))) {
      this.#freed(undefined); // a neighbour was given up meanwhile
      return undefined;
    }
    return new Promise((resolve) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        this.#giveUp(path);
        resolve(undefined);
      }, PATIENCE_MS);
      void readOnce(path, limit).then((bytes) => {
        clearTimeout(timer);
        this.#freed(late ? path : undefined);
        resolve(bytes);
      });
    });
  }

  #slot(): Promise<boolean> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve(true);
    }
    if (this.#stuck === this.#slots) return Promise.resolve(false);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveUp(path: string): void {
    this.#hanging.add(dirname(path));
    this.#stuck += 1;
    hanging += 1;
    this.#onHang(path);
    if (this.#stuck === this.#slots) for (const refuse of this.#waiting.splice(0)) refuse(false);
  }

  /** @param late the path of a read that had been given up */
  #freed(late: string | undefined): void {
    if (late !== undefined) {
      this.#hanging.delete(dirname(late));
      this.#stuck -= 1;
      hanging -= 1;
    }
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next(true);
  }
}
