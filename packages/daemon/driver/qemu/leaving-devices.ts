/** Devices that a guest was asked to let go of, and who waits for that. */
import { virError } from "@vireo/model/error";
import type { GuestEvent } from "./guest-event.ts";

interface Waiting {
  readonly gone: () => void;
  readonly refused: (error: Error) => void;
}

/** ACPI's "ejection request" and "hardware ejection", and its word for failure. */
const EJECTIONS: ReadonlySet<unknown> = new Set([0x3, 0x103]);
const NOT_DONE = 0x1;

/** Name of the device that the guest refuses to let go, by events of QEMU. */
function refusedIn({ name, data }: GuestEvent): string | undefined {
  if (name === "DEVICE_UNPLUG_GUEST_ERROR" || name === "MEM_UNPLUG_ERROR")
    return String(data["device"]);
  const info = data["info"];
  if (name !== "ACPI_DEVICE_OST" || typeof info !== "object" || info === null) return undefined;
  if (!("device" in info && "source" in info && "status" in info)) return undefined;
  return EJECTIONS.has(info.source) && info.status === NOT_DONE ? String(info.device) : undefined;
}

export class LeavingDevices {
  readonly #waiting = new Map<string, Waiting>();

  /**
   * Settles when QEMU says that the device is gone, or the guest that it stays; to be called before
   * asking for it. Rejects with `operationFailed`.
   */
  wait(alias: string): Promise<void> {
    return new Promise((gone, refused) => void this.#waiting.set(alias, { gone, refused }));
  }

  /** Whether somebody sees to what a device leaves behind. */
  awaits(alias: string): boolean {
    return this.#waiting.has(alias);
  }

  hear(event: GuestEvent): void {
    if (event.name === "DEVICE_DELETED") this.#take(String(event.data["device"]))?.gone();
    const refused = refusedIn(event);
    if (refused === undefined) return;
    this.#take(refused)?.refused(
      virError("operationFailed", "unplug of device was rejected by the guest"),
    );
  }

  /** With the guest go its devices. */
  end(): void {
    for (const alias of this.#waiting.keys()) this.#take(alias)?.gone();
  }

  #take(alias: string): Waiting | undefined {
    const waiting = this.#waiting.get(alias);
    this.#waiting.delete(alias);
    return waiting;
  }
}
