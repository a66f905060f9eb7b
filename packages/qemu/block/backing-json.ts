/** Blockdev properties as an image's header holds them after `json:` -> where the image is. */
import { sourceOfUrl } from "./backing-url.ts";
import {
  DEFAULT_PORT,
  type NetworkHost,
  type NetworkProtocol,
  type NetworkSource,
  type Slice,
  type StorageSource,
} from "./storage-source.ts";
import { withoutAbsent } from "../without-absent.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Found {
  readonly source: StorageSource;
  readonly slice?: Slice;
}

/** Layers a header may stack; more is nonsense. */
const DEPTH_MAX = 8;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;
const count = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
};
const truth = (value: unknown): boolean | undefined => {
  if (typeof value === "boolean") return value;
  return value === "on" ? true : value === "off" ? false : undefined;
};

/** `{"server.0.host": "a"}` -> `{server: {"0": {host: "a"}}}`: QEMU takes both. */
function undotted(fields: Fields): Fields {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    const [head = key, ...rest] = key.split(".");
    const own = isFields(value) ? undotted(value) : value;
    if (rest.length === 0) {
      result[head] = own;
      continue;
    }
    const before = result[head];
    const inner = undotted({ [rest.join(".")]: own });
    result[head] = isFields(before) ? merged(before, inner) : inner;
  }
  return result;
}

const merged = (a: Fields, b: Fields): Fields => {
  const result: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = result[key];
    result[key] = isFields(before) && isFields(value) ? merged(before, value) : value;
  }
  return result;
};

/** An array, or an object with the keys 0, 1 ... */
const list = (value: unknown): readonly Fields[] => {
  const members = Array.isArray(value) ? value : isFields(value) ? Object.values(value) : [];
  return members.filter(isFields);
};

function hostOf(server: Fields, protocol: NetworkProtocol): NetworkHost {
  const socket = text(server["socket"]) ?? text(server["path"]);
  if (socket !== undefined && server["host"] === undefined) return { transport: "unix", socket };
  const port = count(server["port"]) || DEFAULT_PORT[protocol];
  return {
    transport: "tcp",
    name: text(server["host"]) ?? "",
    ...(port === undefined ? {} : { port }),
  };
}

/** The one server, in a member of its own or, in older headers, beside the others. */
const hostsOf = (fields: Fields, protocol: NetworkProtocol): readonly NetworkHost[] => {
  const { server } = fields;
  if (Array.isArray(server) || (isFields(server) && "0" in server))
    return list(server).map((one) => hostOf(one, protocol));
  return [hostOf(isFields(server) ? server : fields, protocol)];
};

type Read = (fields: Fields) => NetworkSource | undefined;

const network = (
  protocol: NetworkProtocol,
  fields: Fields,
  more: Partial<NetworkSource>,
): NetworkSource =>
  withoutAbsent({
    type: "network" as const,
    protocol,
    hosts: hostsOf(fields, protocol),
    ...more,
  });

const named = (name: string | undefined): { readonly name?: string } =>
  name === undefined ? {} : { name };

/** Values are kept as they stand, quotes included. */
const cookies = (header: string | undefined): NetworkSource["cookies"] =>
  header
    ?.split(/;\s*/)
    .map((pair) => /^([^=]*)=(.*)$/s.exec(pair))
    .flatMap((found) => (found === null ? [] : [{ name: found[1] ?? "", value: found[2] ?? "" }]));

const curl: Read = (fields) => {
  const source = sourceOfUrl(text(fields["url"]) ?? "");
  if (source === undefined) return undefined;
  return withoutAbsent({
    ...source,
    sslVerify: truth(fields["sslverify"]),
    cookies: cookies(text(fields["cookie"])),
    readahead: count(fields["readahead"]),
    timeout: count(fields["timeout"]),
  });
};

/** `host`, `host:port`, `[address]:port`. */
function portal(value: string): NetworkHost {
  const [, name = value, port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(value) ?? [];
  return { transport: "tcp", name, port: port === undefined ? 3260 : Number(port) };
}

const iscsi: Read = (fields) => ({
  type: "network",
  protocol: "iscsi",
  hosts: [portal(text(fields["portal"]) ?? "")],
  name: `${text(fields["target"]) ?? ""}/${count(fields["lun"]) ?? 0}`,
});

const rbd: Read = (fields) => {
  const snapshot = text(fields["snapshot"]);
  const config = text(fields["conf"]);
  return {
    type: "network",
    protocol: "rbd",
    name: `${text(fields["pool"]) ?? ""}/${text(fields["image"]) ?? ""}`,
    hosts: list(fields["server"]).map((server) => hostOf(server, "rbd")),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(config === undefined ? {} : { config }),
  };
};

const ssh: Read = (fields) =>
  network("ssh", fields, {
    ...named(text(fields["path"])),
    ...(text(fields["user"]) === undefined ? {} : { user: text(fields["user"]) ?? "" }),
    ...(text(fields["host_key_check"]) === "no" ? { sshHostKey: "none" } : {}),
  });

const nfs: Read = (fields) => {
  const user = count(fields["user"]);
  const group = count(fields["group"]);
  return network("nfs", fields, {
    ...named(text(fields["path"])),
    ...(user === undefined ? {} : { user: `+${user}` }),
    ...(group === undefined ? {} : { group: `+${group}` }),
  });
};

const READ: Readonly<Record<string, Read>> = {
  http: curl,
  https: curl,
  ftp: curl,
  ftps: curl,
  tftp: curl,
  gluster: (fields) =>
    network("gluster", fields, {
      name: `${text(fields["volume"]) ?? ""}/${text(fields["path"]) ?? ""}`,
    }),
  iscsi,
  nbd: (fields) => network("nbd", fields, named(text(fields["export"]))),
  nfs,
  rbd,
  sheepdog: (fields) => network("sheepdog", fields, named(text(fields["vdi"]))),
  ssh,
  vxhs: (fields) => network("vxhs", fields, named(text(fields["vdisk-id"]))),
};

function localSource(driver: string, fields: Fields): StorageSource | undefined {
  const path = text(fields["filename"]);
  if (driver === "file") return path === undefined ? undefined : { type: "file", path };
  if (driver === "host_device" || driver === "host_cdrom")
    return path === undefined ? undefined : { type: "block", path };
  if (driver === "vvfat") return { type: "dir", path: text(fields["dir"]) ?? "" };
  if (driver !== "nvme") return undefined;
  return {
    type: "nvme",
    device: text(fields["device"]) ?? "",
    namespace: count(fields["namespace"]) ?? 1,
  };
}

function sliceOf(fields: Fields): Slice | undefined {
  const offset = count(fields["offset"]);
  const size = count(fields["size"]);
  return size === undefined ? undefined : { offset: offset ?? 0, size };
}

/** Raw layers only narrow what lies below them. */
function below(fields: Fields, inner: Fields, depth: number): Found | undefined {
  const found = read(inner, depth + 1);
  const slice = sliceOf(fields);
  return found === undefined || slice === undefined ? found : { ...found, slice };
}

function read(fields: Fields, depth: number): Found | undefined {
  const { file } = fields;
  const driver = text(fields["driver"]);
  if (depth > DEPTH_MAX) return undefined;
  if (isFields(file)) return below(fields, file, depth);
  if (driver === undefined) {
    const url = sourceOfUrl(text(fields["filename"]) ?? "");
    return url && { source: url };
  }
  const source = localSource(driver, fields) ?? READ[driver]?.(fields);
  return source && { source };
}

/** The source that a header's JSON names; undefined when it names none we know. */
export function sourceOfJson(json: string): Found | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return isFields(value) ? read(undotted(value), 0) : undefined;
}
