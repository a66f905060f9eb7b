/** Bytes both ways: a console, a screen. */

/** Ends on both sides when either is closed. */
export interface ByteStream {
  /** What the guest sends; fails with the daemon's words when it was cut. */
  readonly readable: ReadableStream<Uint8Array>;
  /** What the guest is sent; slow when the guest is. */
  readonly writable: WritableStream<Uint8Array>;
  readonly close: () => void;
}

/** RFC 6455: nothing is wrong. */
const NORMAL = 1000;
const GOING_AWAY = 1001;
const NO_STATUS = 1005;
/** What may wait in a WebSocket, which tells nobody when there is room again. */
const BUFFER = 64 * 1024;
const LOOK_MS = 20;

/** Whether that code of a closed WebSocket means a good end. */
export const isGoodEnd = (code: number): boolean =>
  code === NORMAL || code === GOING_AWAY || code === NO_STATUS;

/** Resolves when it is open. @throws Error when it cannot be */
export function openedWebSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(socket), { once: true });
    const failed = (): void => reject(new Error(`Cannot open ${new URL(url).pathname}`));
    socket.addEventListener("error", failed, { once: true });
  });
}

/** Of a WebSocket that is open and gives `arraybuffer`. */
export function byteStreamOf(socket: WebSocket): ByteStream {
  const close = (): void => socket.close(NORMAL);
  let isWanted = true;
  const readable = new ReadableStream<Uint8Array>({
    start: (into) => {
      socket.addEventListener("message", ({ data }) => {
        if (data instanceof ArrayBuffer && isWanted) into.enqueue(new Uint8Array(data));
      });
      socket.addEventListener("close", ({ code, reason }) => {
        if (!isWanted) return;
        if (isGoodEnd(code)) into.close();
        else into.error(new Error(`The stream was cut: ${reason === "" ? code : reason}`));
      });
    },
    cancel: () => {
      isWanted = false;
      close();
    },
  });
  const writable = new WritableStream<Uint8Array>({
    write: async (piece) => {
      while (socket.bufferedAmount > BUFFER && socket.readyState === socket.OPEN)
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      if (socket.readyState !== socket.OPEN) throw new Error("The stream has ended");
      socket.send(new Uint8Array(piece));
    },
    close,
    abort: close,
  });
  return { readable, writable, close };
}
