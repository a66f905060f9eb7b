import { RemoteCallError } from "@vireo/rpc/client-error";

/** What the daemon said when it refused or failed a call. */
export class LibvirtError extends Error {
  override readonly name = "LibvirtError";
  /** libvirt's error code (virErrorNumber), for example 42 for "no domain". */
  readonly code: number;
  /** The part of libvirt it came from (virErrorDomain). */
  readonly domain: number;
  /** Details the message was made of; str1 is the template. */
  readonly details: readonly (string | null)[];
  /** errno of a system error (code 38) is the first. */
  readonly numbers: readonly [number, number];

  constructor(cause: RemoteCallError) {
    super(cause.message, { cause });
    const { code, domain, str1, str2, str3, int1, int2 } = cause.body;
    this.code = code;
    this.domain = domain;
    this.details = [str1, str2, str3];
    this.numbers = [int1, int2];
  }
}

/** The daemon is a libvirtd: it does not know Vireo's own operations. */
export class NotVireoError extends Error {
  override readonly name = "NotVireoError";
}

/** Run a call; what the daemon reports is thrown as LibvirtError. */
export async function withLibvirtErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof RemoteCallError ? new LibvirtError(error) : error;
  }
}
