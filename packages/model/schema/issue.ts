import type { ErrorKind } from "../error-catalogue.ts";

/** Something the reader has to say about a place in the XML. */
export interface Issue {
  /** `/domain/devices/disk[2]/driver@cache` */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** `ignored`: libvirt would not notice; with validation asked for, it is refused. */
  readonly severity: "error" | "ignored";
  /** Kind of the error when it is not `xmlError`. */
  readonly fault?: ErrorKind;
}
