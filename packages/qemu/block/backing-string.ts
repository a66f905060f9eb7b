/** What an overlay's header says of the image below it: the text QEMU opens it by. */
import { given, jsonText } from "../json.ts";
import { sourceProps } from "./image.ts";
import { sourceUrl } from "./network-props.ts";
import type { NetworkSource, Slice, StorageSource } from "./storage-source.ts";

/** Protocols whose images a plain URL names completely. */
const BY_URL = new Set<NetworkSource["protocol"]>([
  "nbd",
  "http",
  "https",
  "ftp",
  "ftps",
  "tftp",
  "iscsi",
  "gluster",
]);

/** Settings that a URL cannot carry. */
const isPlain = (source: NetworkSource): boolean =>
  source.hosts.length === 1 &&
  source.sslVerify === undefined &&
  source.timeout === undefined &&
  source.readahead === undefined &&
  (source.cookies?.length ?? 0) === 0;

/** JSON in the form QEMU reads back after `json:`. */
const jsonForm = (source: StorageSource, slice?: Slice): string => {
  const storage = sourceProps(source);
  const file = slice === undefined ? storage : given({ driver: "raw", ...slice, file: storage });
  return `json:${jsonText({ file })}`;
};

/** A URL without a path ends after the server. */
const url = (source: NetworkSource): string => {
  const text = sourceUrl(source);
  return (source.name ?? "") === "" ? text.replace(/\/$/, "") : text;
};

function networkString(source: NetworkSource): string {
  if (BY_URL.has(source.protocol) && isPlain(source)) return url(source);
  return jsonForm(source);
}

/** The text for `backing-file`; a slice of an image has no other form than JSON. */
export function backingString(source: StorageSource, slice?: Slice): string {
  if (slice !== undefined) return jsonForm(source, slice);
  switch (source.type) {
    case "file":
    case "block":
      return source.path;
    case "dir":
      return `fat:${source.path}`;
    case "nvme":
      return jsonForm(source);
    case "network":
      return networkString(source);
  }
}
