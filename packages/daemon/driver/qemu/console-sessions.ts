/** Who holds which console: one client at a time for each device. */
import type { Duplex } from "node:stream";
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { openTerminal } from "../../host/terminal-stream.ts";
import { consoleDevice } from "./live-config.ts";

export interface ConsoleRequest {
  /** Alias of the device; the first console when absent. */
  readonly device?: string | undefined;
  /** Throw out whoever has it. */
  readonly force?: boolean | undefined;
}

/** @throws VireoError `internalError` */
function terminalPath(config: ResolvedDomain, alias: string | undefined): string {
  const device = consoleDevice(config, alias);
  if (device === undefined)
    throw virError(
      "internalError",
      alias === undefined
        ? "cannot find default console device"
        : `cannot find character device ${alias}`,
    );
  const path = device.type === "pty" ? device.source?.path : undefined;
  if (path === undefined)
    throw virError(
      "internalError",
      `character device ${device.alias?.name ?? alias ?? "console"} is not using a PTY`,
    );
  return path;
}

export class ConsoleSessions {
  readonly #held = new Map<string, Duplex>();

  /** @throws VireoError `operationFailed` when somebody has the device and `force` is not set */
  open(config: ResolvedDomain, { device, force = false }: ConsoleRequest): Duplex {
    const path = terminalPath(config, device);
    const holder = this.#held.get(path);
    if (holder !== undefined) {
      if (!force)
        throw virError("operationFailed", "Active console session exists for this domain");
      holder.destroy(virError("rpc", "stream had I/O failure", { from: 38 }));
      this.#held.delete(path);
    }
    const stream = openTerminal(path);
    this.#held.set(path, stream);
    stream.once("close", () => {
      if (this.#held.get(path) === stream) this.#held.delete(path);
    });
    return stream;
  }

  close(): void {
    for (const stream of this.#held.values()) stream.destroy();
  }
}
