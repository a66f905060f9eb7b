/** Host sides of character devices: what each kind cannot do without. */
import type { Domain } from "../domain.ts";
import { internal, wrongArgument, wrongXml } from "./refuse.ts";

interface Reconnect {
  readonly enabled?: boolean;
  readonly timeout?: number;
}
/** The host side, whatever its kind. */
interface Source {
  readonly mode?: string;
  readonly path?: string;
  readonly host?: string;
  readonly service?: string;
  readonly channel?: string;
  readonly master?: string;
  readonly slave?: string;
  readonly reconnect?: Reconnect;
  readonly clipboard?: unknown;
}
interface Chardev {
  readonly type?: string;
  readonly source?: Source;
  readonly sources?: readonly Source[];
}

const missing = (attribute: string): never =>
  internal(`Missing source ${attribute} attribute for char device`);

type Rule = (source: Source) => void;
const needsPath: Rule = ({ path }) => {
  if (path === undefined || path === "") missing("path");
};
const RULES: Readonly<Record<string, Rule>> = {
  file: needsPath,
  dev: needsPath,
  pipe: needsPath,
  nmdm: ({ master, slave }) => {
    if (master === undefined) internal("Missing master path attribute for nmdm device");
    if (slave === undefined) internal("Missing slave path attribute for nmdm device");
  },
  tcp: ({ host, service, mode, reconnect }) => {
    if (host === undefined) missing("host");
    if (service === undefined) missing("service");
    checkReconnect(reconnect, mode);
  },
  unix: ({ mode, reconnect }) => checkReconnect(reconnect, mode),
  spiceport: ({ channel }) => {
    if (channel === undefined) missing("channel");
    else if (!/^[A-Za-z0-9.:_-]+$/.test(channel))
      wrongArgument("Invalid character in source channel for char device");
  },
};

function checkReconnect(reconnect: Reconnect | undefined, mode = "connect"): void {
  if (reconnect?.enabled !== true) return;
  if (mode !== "connect") internal("chardev reconnect is possible only for connect mode");
  if (reconnect.timeout === undefined)
    wrongXml("Missing required attribute 'timeout' in element 'reconnect'");
  if (reconnect.timeout === 0) wrongArgument("chardev reconnect source timeout cannot be '0'");
}

function checkUdp(sources: readonly Source[]): void {
  if (sources.length > 2) wrongXml("only two source elements are allowed for character device");
  if (!sources.some(({ mode, service }) => mode !== "bind" && service !== undefined))
    missing("service");
}

function checkSource({ type = "pty", source = {}, sources = [] }: Chardev): void {
  if (type === "udp") checkUdp(sources);
  RULES[type]?.(source);
}

/** A UNIX socket nobody names is made up for serial ports and channels, not for these. */
function checkNamedSocket(chardev: Chardev): void {
  if (chardev.type === "unix") needsPath(chardev.source ?? {});
  checkSource(chardev);
}

/** Every character device. */
export function checkChardevs({ devices }: Domain): void {
  if (devices === undefined) return;
  const ports = [devices.serials, devices.parallels, devices.consoles, devices.channels];
  for (const chardev of ports.flatMap((kind): readonly Chardev[] => kind ?? []))
    checkSource(chardev);
  for (const redirdev of devices.redirdevs ?? []) checkNamedSocket(redirdev);
  for (const { backend } of devices.rngs ?? [])
    if (backend?.model === "egd") checkNamedSocket(backend);
}
