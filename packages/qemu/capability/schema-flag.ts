/** Capabilities that show in QEMU's own description of its protocol (`query-qmp-schema`). */

interface Entry {
  readonly name: string;
  readonly "meta-type": string;
  readonly [key: string]: unknown;
}

/**
 * A path through the schema: a command or event, then members of its argument (or, behind `^`, of
 * its result). `+value` asks for an enumerated value or a variant, `$feature` for a feature.
 */
const SCHEMA_FLAGS: readonly (readonly [path: string, flag: string])[] = [
  ["screendump/device", "screendump_device"],
  ["screendump/format/+png", "screenshot-format-png"],
  ["query-named-block-nodes/flat", "query-named-block-nodes.flat"],
  ["blockdev-snapshot/$allow-write-only-overlay", "blockdev-snapshot.allow-write-only-overlay"],
  ["blockdev-add/+file/aio/+io_uring", "aio.io_uring"],
  ["blockdev-add/+rbd/encrypt", "rbd-encryption"],
  ["blockdev-add/+nbd/tls-hostname", "blockdev.nbd.tls-hostname"],
  ["netdev_add/+vhost-vdpa", "netdev.vhost-vdpa"],
  ["netdev_add/+stream", "netdev.stream"],
  ["object-add/+iothread/poll-max-ns", "iothread.poll-max-ns"],
  ["object-add/+iothread/thread-pool-max", "iothread.thread-pool-max"],
  ["object-add/+sev-guest/kernel-hashes", "sev-guest-kernel-hashes"],
  ["object-add/qom-type", "object.qapified"],
  ["device_add/$json-cli-hotplug", "device.json+hotplug"],
  ["migrate-set-parameters/block-bitmap-mapping", "migration-param.block-bitmap-mapping"],
  ["calc-dirty-rate/mode", "dirtyrate-param.mode"],
  ["chardev-add/backend/+qemu-vdagent", "chardev.qemu-vdagent"],
  ["query-migrate/^blocked-reasons", "migration.blocked-reasons"],
  ["query-display-options/^+egl-headless/rendernode", "egl-headless.rendernode"],
  ["query-display-options/^+sdl", "sdl"],
  ["query-display-options/^+dbus", "display-dbus"],
  ["query-machines/^cpu-max", "cpu-max"],
];

const isEntry = (value: unknown): value is Entry =>
  typeof value === "object" && value !== null && "name" in value && "meta-type" in value;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const listOf = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

class Schema {
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(entries: readonly unknown[]) {
    this.#entries = new Map(entries.filter(isEntry).map((entry) => [entry.name, entry]));
  }

  #get(name: unknown): Entry | undefined {
    const entry = typeof name === "string" ? this.#entries.get(name) : undefined;
    // an array leads to what it holds
    return entry?.["meta-type"] === "array" ? this.#get(entry["element-type"]) : entry;
  }

  has(path: string): boolean {
    const [command = "", ...steps] = path.split("/");
    const start = this.#entries.get(command);
    if (start === undefined) return false;
    const first = steps[0] ?? "";
    if (first.startsWith("$")) return hasFeature(start, first.slice(1));
    const result = first.startsWith("^");
    const at = this.#get(start[result ? "ret-type" : "arg-type"]);
    return this.#walk(at, result ? [first.slice(1), ...steps.slice(1)] : steps);
  }

  #walk(at: Entry | undefined, [step, ...rest]: readonly string[]): boolean {
    if (step === undefined) return at !== undefined;
    if (at === undefined) return false;
    if (step.startsWith("+")) return this.#variant(at, step.slice(1), rest);
    const member = listOf(at["members"]).find(({ name }) => name === step);
    if (member === undefined) return false;
    return rest.length === 0 || this.#walk(this.#get(member["type"]), rest);
  }

  #variant(at: Entry, value: string, rest: readonly string[]): boolean {
    const values = Array.isArray(at["values"]) ? at["values"] : [];
    if (rest.length === 0 && values.includes(value)) return true;
    const variant = listOf(at["variants"]).find((one) => one["case"] === value);
    if (variant === undefined) return false;
    return rest.length === 0 || this.#walk(this.#get(variant["type"]), rest);
  }
}

const hasFeature = (entry: Entry, feature: string): boolean =>
  Array.isArray(entry["features"]) && entry["features"].includes(feature);

export function schemaFlags(answer: unknown): readonly string[] {
  const schema = new Schema(Array.isArray(answer) ? answer : []);
  return SCHEMA_FLAGS.flatMap(([path, flag]) => (schema.has(path) ? [flag] : []));
}
