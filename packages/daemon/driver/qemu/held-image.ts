/** Which files of the host a QEMU opens for its block devices. Pure. */
import type { QemuCommand } from "@vireo/qemu/command/command-line";

/** A file or device, and what of QEMU has it open. */
export interface HeldImage {
  readonly path: string;
  /** Name of the block node, or of the option. */
  readonly node: string;
}

const FILES: ReadonlySet<unknown> = new Set(["file", "host_device", "host_cdrom"]);
/** Options that name one file. */
const OPTIONS: ReadonlySet<string> = new Set(["-kernel", "-initrd", "-dtb"]);
/** Firmware is everybody's, and only read. */
const FIRMWARE = "libvirt-pflash0-storage";

function imageOf(props: object): HeldImage | undefined {
  if (!("driver" in props && "filename" in props) || !FILES.has(props.driver)) return undefined;
  const node = "node-name" in props ? String(props["node-name"]) : "";
  const path = String(props.filename);
  return node === FIRMWARE || !path.startsWith("/") || path.startsWith("/dev/fdset/")
    ? undefined
    : { path, node };
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The images that a new QEMU opens. */
export const imagesIn = ({ args }: Pick<QemuCommand, "args">): readonly HeldImage[] =>
  args.flatMap(({ option, value = "" }) => {
    if (OPTIONS.has(option)) return [{ path: value, node: option }];
    if (option !== "-blockdev" || !value.startsWith("{")) return [];
    const props: unknown = JSON.parse(value);
    return isObject(props) ? (imageOf(props) ?? []) : [];
  });

const CREATIONS: ReadonlySet<string> = new Set(["blockdev-create", "dump-guest-memory"]);
/** Commands of the monitor that make the file which they write. */
export const isCreation = (command: string): boolean => CREATIONS.has(command);

const PROTOCOL = /^file:(?=\/)/;

/** The file that a command of the monitor opens or makes. */
export function imageIn(command: string, args: object = {}): HeldImage | undefined {
  if (command === "blockdev-add") return imageOf(args);
  const protocol = "protocol" in args ? String(args.protocol) : "";
  if (command === "dump-guest-memory" && PROTOCOL.test(protocol))
    return { path: protocol.replace(PROTOCOL, ""), node: command };
  if (command !== "blockdev-create" || !("options" in args) || !isObject(args.options))
    return undefined;
  const image = imageOf(args.options);
  return image && { ...image, node: "job-id" in args ? String(args["job-id"]) : "" };
}
