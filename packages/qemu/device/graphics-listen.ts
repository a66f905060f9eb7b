/** Where a display listens. */
import type { GraphicsListen } from "@vireo/model/domain/device/graphics";

interface Display {
  readonly listens?: readonly GraphicsListen[];
}

/** The first place; with the daemon's setting, a display nobody gave an address gets a socket in the domain's directory. */
export function listenOf(display: Display, socketByDefault: boolean): GraphicsListen | undefined {
  const listen = display.listens?.[0];
  const open = listen === undefined || (listen.type === "address" && listen.address === undefined);
  return open && socketByDefault ? { type: "socket" } : listen;
}
