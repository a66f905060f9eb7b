/** An event of QEMU as the driver reads it. */
export interface GuestEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Microseconds since the epoch, when QEMU said it itself. */
  readonly timestampUs?: number;
}
