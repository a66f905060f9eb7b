/** Joins a stream of the protocol with a stream of bytes of ours. */
import type { Duplex } from "node:stream";
import type { ServerStream } from "@vireo/rpc/server-contract";
import { StreamClosedError } from "@vireo/rpc/stream";

/** Bytes flow both ways until either side ends; the device is closed whatever happens. */
export async function join(stream: ServerStream, device: Duplex): Promise<void> {
  const stop = (): void => void device.destroy();
  stream.signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([pump(stream, device), drain(stream, device)]);
  } catch (error) {
    if (!(error instanceof StreamClosedError) && !stream.signal.aborted) throw error;
  } finally {
    stream.signal.removeEventListener("abort", stop);
    device.destroy();
  }
}

async function drain(stream: ServerStream, device: Duplex): Promise<void> {
  for await (const chunk of device) await stream.write(chunk as Buffer); // a byte stream gives Buffers
}

async function pump(stream: ServerStream, device: Duplex): Promise<void> {
  for await (const chunk of stream.incoming) {
    if (!Buffer.isBuffer(chunk)) continue; // a hole means nothing to a device
    await new Promise<void>((resolve, reject) => {
      device.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }
}
