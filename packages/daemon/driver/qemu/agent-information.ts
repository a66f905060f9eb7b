/** What the agent tells of the guest, in libvirt's names of typed parameters. Pure. */
import type { OperationOutput } from "@vireo/model/operation/operations";
import type { GUEST_INFO_KINDS } from "@vireo/model/operation/domain-agent";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { isMessage, type Message } from "@vireo/qemu/qmp/parse-message";
import { listIn, malformed, numberIn, textIn } from "./agent-answer.ts";
import { fileSystemsIn, guestDisk, type GuestDisk } from "./agent-file-systems.ts";
import { interfacesIn } from "./agent-interfaces.ts";

export type Information = OperationOutput<"domain", "guestInfo">;
type Kind = (typeof GUEST_INFO_KINDS)[number];
type Entry = readonly [string, Information[string]];

const MICROSECONDS_IN_MS = 1000;

const string = (field: string, value: string | undefined): readonly Entry[] =>
  value === undefined ? [] : [[field, { type: "string", value }]];
const uint = (field: string, value: number): Entry => [field, { type: "uint", value }];
const ullong = (field: string, value: number | undefined): readonly Entry[] =>
  value === undefined ? [] : [[field, { type: "ullong", value }]];

/** A list with its length, `PREFIX.count` and `PREFIX.N.*`. */
const counted = <T>(
  prefix: string,
  items: readonly T[],
  entriesOf: (item: T, at: string) => readonly Entry[],
): readonly Entry[] => [
  uint(`${prefix}.count`, items.length),
  ...items.flatMap((item, i) => entriesOf(item, `${prefix}.${i}`)),
];

const needed = <T>(command: string, value: T | undefined): T => {
  if (value === undefined) throw malformed(command);
  return value;
};
const members = (command: string, answer: unknown): Message => {
  if (!isMessage(answer)) throw malformed(command);
  return answer;
};

type Reader = (answer: unknown, config: ResolvedDomain) => readonly Entry[];

const users: Reader = (answer) =>
  counted("user", needed("guest-get-users", listIn(answer)), (user, at) => {
    const seconds = needed("guest-get-users", numberIn(user, "login-time"));
    return [
      ...string(`${at}.name`, needed("guest-get-users", textIn(user, "user"))),
      ...string(`${at}.domain`, textIn(user, "domain")),
      ...ullong(`${at}.login-time`, Math.round(seconds * MICROSECONDS_IN_MS)),
    ];
  });

/** The agent's name of each member, and libvirt's. */
const OS = [
  ["id", "id"],
  ["name", "name"],
  ["pretty-name", "pretty-name"],
  ["version", "version"],
  ["version-id", "version-id"],
  ["machine", "machine"],
  ["variant", "variant"],
  ["variant-id", "variant-id"],
  ["kernel-release", "kernel-release"],
  ["kernel-version", "kernel-version"],
] as const;

const os: Reader = (answer) => {
  const told = members("guest-get-osinfo", answer);
  return OS.flatMap(([key, name]) => string(`os.${name}`, textIn(told, key)));
};

const timezone: Reader = (answer) => {
  const told = members("guest-get-timezone", answer);
  const value = needed("guest-get-timezone", numberIn(told, "offset"));
  return [
    ...string("timezone.name", textIn(told, "zone")),
    ["timezone.offset", { type: "int", value }],
  ];
};

const hostname: Reader = (answer) => string("hostname", hostnameIn(answer));

/** @throws VireoError `internalError` */
export const hostnameIn = (answer: unknown): string =>
  needed("guest-get-host-name", textIn(members("guest-get-host-name", answer), "host-name"));

const disksBelow = (prefix: string, disks: readonly GuestDisk[]): readonly Entry[] =>
  counted(`${prefix}.disk`, disks, ({ target, serial, device }, at) => [
    ...string(`${at}.alias`, target),
    ...string(`${at}.serial`, serial),
    ...string(`${at}.device`, device),
  ]);

const filesystem: Reader = (answer, config) =>
  counted("fs", fileSystemsIn(config, answer), (one, at) => [
    ...string(`${at}.name`, one.name),
    ...string(`${at}.mountpoint`, one.mountpoint),
    ...string(`${at}.fstype`, one.type),
    ...ullong(`${at}.total-bytes`, one.totalBytes),
    ...ullong(`${at}.used-bytes`, one.usedBytes),
    ...disksBelow(at, one.disks),
  ]);

const words = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

const disks: Reader = (answer, config) =>
  counted("disk", needed("guest-get-disks", listIn(answer)), (disk, at) => {
    const place = isMessage(disk["address"]) ? disk["address"] : undefined;
    const { target, serial, bus } = place === undefined ? UNPLACED : guestDisk(config, place);
    const below = words(disk["dependencies"]);
    return [
      ...string(`${at}.name`, needed("guest-get-disks", textIn(disk, "name"))),
      [`${at}.partition`, { type: "boolean", value: disk["partition"] === true }],
      ...(below.length === 0
        ? []
        : counted(`${at}.dependency`, below, (name, where) => string(`${where}.name`, name))),
      ...string(`${at}.serial`, serial),
      ...string(`${at}.alias`, target),
      ...string(`${at}.guest_alias`, textIn(disk, "alias")),
      ...string(`${at}.guest_bus`, target === undefined ? bus : undefined),
    ];
  });
const UNPLACED = { target: undefined, serial: undefined, bus: undefined };

const interfaces: Reader = (answer) =>
  counted("if", interfacesIn(answer), (one, at) => [
    ...string(`${at}.name`, one.name),
    ...string(`${at}.hwaddr`, one.mac),
    ...counted(`${at}.addr`, one.addresses, ({ family, address, prefix }, where) => [
      ...string(`${where}.type`, family),
      ...string(`${where}.addr`, address),
      uint(`${where}.prefix`, prefix),
    ]),
  ]);

/** Each kind with the command that asks for it, in libvirt's order. */
export const INFORMATION: Readonly<
  Record<Kind, { readonly command: string; readonly read: Reader }>
> = {
  users: { command: "guest-get-users", read: users },
  os: { command: "guest-get-osinfo", read: os },
  timezone: { command: "guest-get-timezone", read: timezone },
  hostname: { command: "guest-get-host-name", read: hostname },
  filesystem: { command: "guest-get-fsinfo", read: filesystem },
  disks: { command: "guest-get-disks", read: disks },
  interfaces: { command: "guest-network-get-interfaces", read: interfaces },
};
