/** The daemon that a client test talks to: vireod, or with VIREO_TEST_DAEMON=libvirtd the real one, to test the test. */
import { Libvirtd } from "./libvirtd.ts";
import { Vireod } from "./vireod.ts";

export interface Daemon {
  readonly uri: string;
  readonly cleanUp: () => Promise<void>;
}

export const isReference = process.env["VIREO_TEST_DAEMON"] === "libvirtd";

export const startDaemon = (): Promise<Daemon> =>
  isReference ? Libvirtd.started() : Vireod.started();
