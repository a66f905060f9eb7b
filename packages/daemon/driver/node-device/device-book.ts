/**
 * Who has which device of the host, and what it was before. On disk before anything is done to a device, so that a
 * daemon that was killed at any moment, or that was away while guests ended, gives everything back at its next start.
 *
 *     free -> (written) taken for a guest, its driver taken away -> (given back, then crossed out) free
 */
import { explainError } from "@vireo/model/error";
import type { Logger } from "pino";
import { readTextIfThere, writeFileAtomically } from "../../host/file.ts";

export type DeviceKind = "pci" | "usb" | "scsi" | "scsi_host" | "mdev";

/** The guest that has it, and by which name. */
export interface Holder {
  readonly name: string;
  readonly uuid: string;
  readonly alias: string;
}

/** What a virtual function was told by its physical one. */
export interface FunctionSettings {
  /** Network card of the physical function. */
  readonly card: string;
  /** Number of the virtual function. */
  readonly index: number;
  readonly mac?: string;
  readonly vlan?: number;
  readonly qos?: number;
}

export interface Holding {
  readonly kind: DeviceKind;
  /** As the kernel names it: `0000:01:00.0`, `1:4`, `0:0:0:0`. */
  readonly device: string;
  readonly holder: Holder;
  /** Others may have it too. */
  readonly shared?: boolean;
  /** PCI: what to put it back to; absent when we left its driver alone. */
  readonly before?: { readonly driver?: string | undefined };
  readonly settings?: FunctionSettings;
  /** Its place in a network. */
  readonly port?: { readonly network: string; readonly id: string };
}

interface Stored {
  readonly boot: string;
  readonly holdings: readonly Holding[];
}

export class DeviceBook {
  #holdings: readonly Holding[] = [];
  readonly #path: string;
  readonly #boot: string;

  private constructor(path: string, boot: string) {
    this.#path = path;
    this.#boot = boot;
  }

  /** What an earlier daemon wrote; what it did before the host was started anew has passed. @throws VireoError */
  static async open(
    path: string,
    { boot, log }: { boot: string; log: Logger },
  ): Promise<DeviceBook> {
    const book = new DeviceBook(path, boot);
    const text = await readTextIfThere(path);
    if (text === undefined) return book;
    try {
      const stored = JSON.parse(text) as Stored; // we wrote it, in one piece
      if (stored.boot === boot) book.#holdings = stored.holdings;
    } catch (error) {
      log.error({ path }, `Damaged file: ${explainError(error)}; devices of guests are not known`);
    }
    return book;
  }

  get all(): readonly Holding[] {
    return this.#holdings;
  }

  /** What a guest has, all or under one name. */
  of(uuid: string, alias?: string): readonly Holding[] {
    return this.#holdings.filter(
      ({ holder }) => holder.uuid === uuid && (alias === undefined || holder.alias === alias),
    );
  }

  /** Who has a device. */
  holder(kind: DeviceKind, device: string): Holding | undefined {
    return this.#holdings.find((one) => one.kind === kind && one.device === device);
  }

  add(...holdings: readonly Holding[]): Promise<void> {
    return this.#become([...this.#holdings, ...holdings]);
  }

  remove(gone: Holding): Promise<void> {
    return this.#become(this.#holdings.filter((one) => one !== gone));
  }

  async #become(holdings: readonly Holding[]): Promise<void> {
    this.#holdings = holdings;
    const stored: Stored = { boot: this.#boot, holdings };
    await writeFileAtomically(this.#path, `${JSON.stringify(stored, null, 1)}\n`);
  }
}
