/** Networks whose guests have functions of a card, and what is asked of them. */
const network = (name: string, inside: string): string =>
  `<network><name>${name}</name><uuid>${uuidOf(name)}</uuid>${inside}</network>`;
const uuidOf = (name: string): string =>
  `7d5f8a7e-0000-4000-8000-${Buffer.from(name).toString("hex").padStart(12, "0").slice(-12)}`;

const GUEST = "<owner><name>g</name><uuid>5c6d49af-b071-4127-b4ec-6f8ed4b55335</uuid></owner>";
const portUuid = (number: number): string => `aaaaaaaa-0000-4000-8000-00000000000${number}`;
const port = (number: number, inside = ""): string =>
  `<networkport><uuid>${portUuid(number)}</uuid>${GUEST}<mac address='52:54:00:00:00:0${number}'/>${inside}</networkport>`;

const ADDRESS = (fn: number): string =>
  `<address type='pci' domain='0' bus='5' slot='0x10' function='${fn}'/>`;
const PF = "<pf dev='pf0'/>";

const NETWORKS: Readonly<Record<string, string>> = {
  card: `<forward mode='hostdev' managed='yes'><driver name='vfio'/>${PF}</forward>`,
  list: `<forward mode='hostdev'>${ADDRESS(1)}${ADDRESS(2)}</forward>`,
  both: `<forward mode='hostdev'>${PF}${ADDRESS(1)}</forward>`,
  none: "<forward mode='hostdev'/>",
  plain: "<forward mode='hostdev'><pf dev='plain0'/></forward>",
  gone: "<forward mode='hostdev'><pf dev='nosuch'/></forward>",
  pass: `<forward mode='passthrough'>${PF}</forward>`,
  vepa: `<forward mode='vepa'>${PF}</forward>`,
  group: `<forward mode='hostdev'>${PF}</forward><portgroup name='a'><vlan><tag id='9'/></vlan></portgroup><virtualport type='802.1Qbh'><parameters profileid='x'/></virtualport>`,
};

export const POOL_FILES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(NETWORKS).map(([name, inside]) => [name, network(name, inside)]),
  ),
  ...Object.fromEntries([1, 2, 3, 4].map((number) => [`port${number}`, port(number)])),
  tagged: port(5, "<vlan><tag id='42'/></vlan>"),
  grouped: port(6, "<group>a</group>"),
  unnamed: port(7).replace(/<uuid>.*?<\/uuid>/, ""),
  plugged: port(
    8,
    "<plug type='hostdev-pci'><address domain='0' bus='5' slot='16' function='1'/></plug>",
  ),
};

/** A network from its definition to a look at what it shows. */
const begun = (name: string): readonly string[] => [
  `net-define @${name}`,
  `net-start ${name}`,
  `net-dumpxml ${name}`,
  `net-dumpxml --inactive ${name}`,
];
const taken = (
  name: string,
  ...ports: readonly (readonly [string, number])[]
): readonly string[] => [
  ...ports.flatMap(([file, number]) => [
    `net-port-create ${name} @${file}`,
    `net-port-dumpxml ${name} ${portUuid(number)}`,
  ]),
  `net-dumpxml ${name}`,
];

export const POOL_COMMANDS: readonly string[] = [
  ...Object.keys(NETWORKS).flatMap(begun),
  ...taken("card", ["port1", 1], ["port2", 2], ["port3", 3], ["port4", 4]),
  `net-port-delete card ${portUuid(2)}`,
  ...taken("card", ["port4", 4]),
  "net-port-list card",
  ...taken("list", ["tagged", 5], ["unnamed", 7], ["plugged", 8]),
  `net-port-delete list ${portUuid(5)}`,
  "net-dumpxml list",
  ...taken("none", ["port1", 1]),
  ...taken("pass", ["port1", 1], ["port2", 2]),
  ...taken("vepa", ["port1", 1], ["port2", 2]),
  ...taken("group", ["grouped", 6]),
  "net-destroy card",
  "net-dumpxml card",
  "net-port-list card",
  "net-start card",
  "net-port-list card",
];

export const POOL_TAKEN: readonly string[] = taken("card", ["port1", 1], ["port2", 2]);

/** Of the same network, after the daemon was away: one function is free. */
export const POOL_KEPT: readonly string[] = [
  "net-dumpxml --inactive card",
  `net-port-dumpxml card ${portUuid(1)}`,
  ...taken("card", ["port3", 3], ["port4", 4]),
];
