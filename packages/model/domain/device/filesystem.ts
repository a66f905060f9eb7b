/** `<filesystem>`: a directory of the host in the guest. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, choice, discriminant, flag, scaledText } from "../../schema/member.ts";
import { oneOf, onOff, string, stringWhere, ulong, unless } from "../../schema/scalar.ts";
import { BYTES } from "../../schema/unit.ts";
import { IMAGE_FORMATS } from "./disk-chain.ts";
import { bootInfo } from "./device-info.ts";
import { VIRTIO_MODELS, virtioOptions } from "./virtio-driver.ts";

const permissions = stringWhere("octal permissions", (raw) =>
  /^[0-7]{1,4}$/.test(raw) && Number.parseInt(raw, 8) <= 0o777 ? raw.padStart(4, "0") : undefined,
);

const Driver = element("driver", "How the host serves it.", {
  type: attr(
    unless("default", oneOf("path", "handle", "loop", "nbd", "ploop", "virtiofs", "mtp")),
    { doc: "Back end." },
  ),
  format: attr(oneOf(...IMAGE_FORMATS), { doc: "Format of the image." }),
  wrpolicy: attr(unless("default", oneOf("immediate")), {
    doc: "`immediate`: write back at once.",
  }),
  queue: attr(ulong, { doc: "virtiofs: size of the queue.", omit: 0 }),
  ...virtioOptions,
});
const Binary = element("binary", "The virtiofs process.", {
  path: attr(string, { doc: "Path of the program." }),
  xattr: attr(onOff, { doc: "Extended attributes." }),
  cache: child(
    element("cache", "Cache.", {
      mode: attr(unless("default", oneOf("none", "always")), { doc: "Mode." }),
    }),
    { doc: "Cache." },
  ),
  sandbox: child(
    element("sandbox", "Confinement.", {
      mode: attr(unless("default", oneOf("namespace", "chroot")), { doc: "Method." }),
    }),
    { doc: "Confinement." },
  ),
  lock: child(
    element("lock", "Locks.", {
      posix: attr(onOff, { doc: "POSIX locks." }),
      flock: attr(onOff, { doc: "BSD locks." }),
    }),
    { doc: "Locks." },
  ),
  threadPool: child(
    element("thread_pool", "Threads.", { size: attr(ulong, { doc: "Most threads." }) }),
    { doc: "Threads." },
  ),
});

const doc = "What is shown to the guest.";
const dir = attr(string, { doc: "Path of a directory." });
const Mount = element("source", doc, {
  dir,
  socket: attr(string, { doc: "Socket of a virtiofs process run by somebody else." }),
});

export const Filesystem = element("filesystem", "A directory of the host in the guest.", {
  type: discriminant(["mount", "block", "file", "template", "ram", "bind", "volume"], {
    doc: "What is shown.",
    default: "mount",
  }),
  accessMode: attr(unless("default", oneOf("passthrough", "mapped", "squash")), {
    name: "accessmode",
    doc: "Whose rights apply on the host.",
  }),
  multidevs: attr(unless("default", oneOf("remap", "forbid", "warn")), {
    doc: "What happens when several devices are below the directory.",
  }),
  fmode: attr(permissions, { doc: "Permissions of new files." }),
  dmode: attr(permissions, { doc: "Permissions of new directories." }),
  model: attr(unless("default", oneOf(...VIRTIO_MODELS)), {
    doc: "Revisions of virtio it offers.",
  }),
  driver: child(Driver, { doc: "How the host serves it." }),
  binary: child(Binary, { doc: "The virtiofs process." }),
  source: choice({
    mount: child(Mount, { doc }),
    bind: child(element("source", doc, { dir }), { doc }),
    block: child(element("source", doc, { dev: attr(string, { doc: "Path of the device." }) }), {
      doc,
    }),
    file: child(element("source", doc, { file: attr(string, { doc: "Path of the image." }) }), {
      doc,
    }),
    template: child(
      element("source", doc, { name: attr(string, { doc: "Name of the template." }) }),
      { doc },
    ),
    ram: child(
      element("source", doc, {
        usage: attr(ulong, { doc: "Size." }),
        units: attr(string, { doc: "Unit of the size." }),
      }),
      { doc },
    ),
    volume: child(
      element("source", doc, {
        pool: attr(string, { doc: "Storage pool." }),
        volume: attr(string, { doc: "Volume." }),
      }),
      { doc },
    ),
  }),
  target: child(
    element("target", "Where the guest finds it.", {
      dir: attr(string, { doc: "Directory, or tag to mount by." }),
    }),
    { doc: "Where the guest finds it." },
  ),
  readonly: flag({ doc: "The guest cannot write." }),
  ...bootInfo,
  spaceHardLimitBytes: scaledText({ name: "space_hard_limit", unit: BYTES, doc: "Most space." }),
  spaceSoftLimitBytes: scaledText({
    name: "space_soft_limit",
    unit: BYTES,
    doc: "Most space, for a while.",
  }),
});
export type Filesystem = Infer<typeof Filesystem>;
