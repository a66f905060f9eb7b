/** Packet filters: their definitions, the filters in force on guests' cards, and the cards that can have one. */
import type { Scene } from "../scene.ts";

const UUID = "11111111-2222-3333-4444-555555555531";
const OTHER = "11111111-2222-3333-4444-555555555532";
const MAC = "52:54:00:00:00:66";

const filter = (name: string, inner: string, attributes = ""): string =>
  `<filter name='${name}'${attributes}>${inner}</filter>`;
const uuid = (one: string): string => `<uuid>${one}</uuid>`;
const rule = (inner: string, attributes = "action='drop' direction='out'"): string =>
  `<rule ${attributes}>${inner}</rule>`;
const ref = (name: string, parameters = ""): string =>
  `<filterref filter='${name}'>${parameters}</filterref>`;
const parameter = (name: string, value: string): string =>
  `<parameter name='${name}' value='${value}'/>`;

const binding = (dev: string, name: string, parameters = ""): string => `<filterbinding>
  <owner><name>somebody</name><uuid>${UUID}</uuid></owner>
  <portdev name='${dev}'/><mac address='${MAC}'/>${ref(name, parameters)}</filterbinding>`;

const ISOLATED =
  "<network><name>filtered</name><bridge name='brfilt'/><ip address='10.23.0.1' netmask='255.255.255.0'/></network>";
const card = (inner: string, type = "network", source = "<source network='filtered'/>"): string =>
  `<interface type='${type}'><mac address='${MAC}'/>${source}<target dev='filt0'/><model type='virtio'/><alias name='ua-card'/>${inner}</interface>`;
const guest = (name: string, cards: string): string => `<domain type='qemu'>
  <name>${name}</name><memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os>
  <devices><controller type='usb' model='none'/><memballoon model='none'/>${cards}</devices></domain>`;
const IP = parameter("IP", "10.23.0.5");

/** Cards of other kinds, each with a filter, in a guest that is defined and started. */
const KINDS: Readonly<Record<string, string>> = {
  user: card(ref("clean-traffic"), "user", ""),
  bridge: card(ref("clean-traffic", IP), "bridge", "<source bridge='brfilt'/>"),
  ethernet: card(ref("clean-traffic", IP), "ethernet", ""),
  udp: card(
    ref("clean-traffic"),
    "udp",
    "<source address='127.0.0.1' port='5555'><local address='127.0.0.1' port='5556'/></source>",
  ),
  server: card(ref("clean-traffic"), "server", "<source address='127.0.0.1' port='5559'/>"),
  client: card(ref("clean-traffic"), "client", "<source address='127.0.0.1' port='5559'/>"),
};
const named = (name: string): string => `${name}Card`;
const kindFiles = Object.fromEntries(
  Object.entries(KINDS).map(([name, xml]) => [named(name), guest(name, xml)]),
);
const kindCommands = Object.keys(KINDS).flatMap((name) => [
  `define @${named(name)}`,
  `dumpxml ${name} --xpath //interface/filterref`,
  `start ${name}`,
  "nwfilter-binding-list",
  `update-device ${name} @cardOther --live`,
  "nwfilter-binding-list",
  `destroy ${name}`,
]);

export const FILTER_SCENES: readonly Scene[] = [
  {
    title: "definitions of filters",
    guests: [],
    files: {
      one: filter("one", uuid(UUID) + rule("<ip srcipaddr='10.0.0.1'/>")),
      same: filter("one", rule("<ip srcipaddr='10.0.0.1'/>")),
      otherUuid: filter("one", uuid(OTHER)),
      otherName: filter("two", uuid(UUID)),
      changed: filter("one", uuid(UUID) + ref("allow-arp") + rule("<mac protocolid='arp'/>")),
      two: filter("two", uuid(OTHER) + ref("one", parameter("A", "1") + parameter("A", "2"))),
      loop: filter("one", uuid(UUID) + ref("two")),
      self: filter("self", ref("self")),
      lost: filter("lost", ref("nosuch")),
      chain: filter("chained", rule("<arp opcode='1'/>"), " chain='arp-mine' priority='-500'"),
      badPriority: filter("bad", "", " chain='root' priority='5000'"),
      badChain: filter("bad", "", " chain='nosuch'"),
      badName: filter("a/b", ""),
      emptyName: filter("", ""),
      noName: "<filter/>",
      badAction: filter("bad", rule("", "action='burn' direction='out'")),
      noAction: filter("bad", rule("", "direction='out'")),
      badDirection: filter("bad", rule("", "action='drop' direction='up'")),
      noDirection: filter("bad", rule("", "action='drop'")),
      rulePriority: filter("bad", rule("", "action='drop' direction='out' priority='70000'")),
      badUuid: filter("bad", uuid("nonsense")),
      badIp: filter("badip", rule("<ip srcipaddr='10.0.0.300'/>")),
      badMac: filter("badmac", rule("<mac srcmacaddr='nonsense'/>")),
      badPort: filter("badport", rule("<tcp dstportstart='70000'/>")),
      badProtocol: filter("badprotocol", rule("<nosuch/>")),
      badState: filter("badstate", rule("<tcp state='SOME'/>")),
      noRef: filter("noref", "<filterref/>"),
      extra: filter("extra", "<nosuch/>"),
      notFilter: "<network/>",
      notClosed: "<filter",
      many: filter(
        "many",
        rule("<ip protocol='udp' dstportstart='$PORT[@1]'/>", "action='accept' direction='in'") +
          rule("<tcp flags='SYN/ALL' dscp='0x3' connlimit-above='2'/>") +
          rule(
            "<icmpv6 type='0x80' comment='echo'/>",
            "action='reject' direction='inout' priority='7' statematch='0'",
          ) +
          rule("<stp type='0' root-priority='5' root-priority-hi='9'/>") +
          rule("<vlan vlanid='0x7' encap-protocol='arp'/>") +
          rule("<rarp opcode='Request_Reverse' gratuitous='true' match='no'/>"),
      ),
    },
    commands: `
nwfilter-list
nwfilter-list nosuch
nwfilter-define @one
nwfilter-define @one
nwfilter-define @same
nwfilter-define @otherUuid
nwfilter-define @otherName
nwfilter-define @changed
nwfilter-dumpxml one
nwfilter-dumpxml ${UUID}
nwfilter-define @two
nwfilter-dumpxml two
nwfilter-define @loop
nwfilter-define @self
nwfilter-define @lost
nwfilter-dumpxml lost
nwfilter-define @chain
nwfilter-dumpxml chained
nwfilter-define @many
nwfilter-dumpxml many
nwfilter-define @many --validate
nwfilter-define @one --validate
nwfilter-define @extra --validate
nwfilter-define @extra
nwfilter-dumpxml extra
nwfilter-define @badPriority
nwfilter-define @badChain
nwfilter-define @badName
nwfilter-define @emptyName
nwfilter-define @noName
nwfilter-define @badAction
nwfilter-define @noAction
nwfilter-define @badDirection
nwfilter-define @noDirection
nwfilter-define @rulePriority
nwfilter-define @badUuid
nwfilter-define @badIp
nwfilter-dumpxml badip
nwfilter-define @badMac
nwfilter-dumpxml badmac
nwfilter-define @badPort
nwfilter-dumpxml badport
nwfilter-define @badProtocol
nwfilter-dumpxml badprotocol
nwfilter-define @badState
nwfilter-dumpxml badstate
nwfilter-define @noRef
nwfilter-define @notFilter
nwfilter-define @notClosed
nwfilter-define @nosuch
nwfilter-define
EDITOR='sed -i s/arp/ipv4/' nwfilter-edit one
nwfilter-dumpxml one
EDITOR='sed -i s/nosuch/nosuch/' nwfilter-edit one
EDITOR='sed -i s/${UUID}/${OTHER}/' nwfilter-edit one
nwfilter-edit nosuch
nwfilter-list
nwfilter-dumpxml nosuch
nwfilter-dumpxml
nwfilter-undefine nosuch
nwfilter-undefine one
nwfilter-undefine two
nwfilter-undefine lost
nwfilter-undefine chained
nwfilter-undefine many
nwfilter-undefine extra
nwfilter-undefine badip
nwfilter-undefine badmac
nwfilter-undefine badport
nwfilter-undefine badprotocol
nwfilter-undefine badstate
nwfilter-undefine self
nwfilter-undefine noref
nwfilter-list
`,
  },
  {
    title: "filters in force",
    guests: [],
    files: {
      net: ISOLATED,
      guest: guest("filtered", card(ref("one", IP))),
      plain: guest("plain", card("")),
      lostGuest: guest("lost", card(ref("nosuch"))),
      needy: guest("needy", card(ref("needs"))),
      one: filter("one", uuid(UUID) + rule("<ip srcipaddr='$IP' match='no'/>")),
      changed: filter("one", uuid(UUID) + rule("<arp arpsrcipaddr='$IP' match='no'/>")),
      broken: filter("one", uuid(UUID) + rule("<ip srcipaddr='$NOBODY'/>")),
      lostRef: filter("one", uuid(UUID) + ref("nosuch")),
      needs: filter("needs", uuid(OTHER) + rule("<ip srcipaddr='$NOBODY'/>")),
      cardTwo: card(ref("no-mac-spoofing")),
      cardLost: card(ref("nosuch")),
      cardNeeds: card(ref("needs")),
      cardFree: card(""),
      cardSame: card(ref("one", parameter("IP", "10.23.0.6"))),
      hot: card(ref("one", IP))
        .replace("filt0", "filt1")
        .replace(MAC, "52:54:00:00:00:67")
        .replace("ua-card", "ua-hot"),
      hotLost: card(ref("nosuch"))
        .replace("filt0", "filt2")
        .replace(MAC, "52:54:00:00:00:68")
        .replace("ua-card", "ua-lost"),
      bind: binding("filt0", "no-mac-spoofing"),
      bindBrf: binding("brfilt", "no-mac-spoofing"),
      bindLost: binding("filt0", "nosuch"),
      bindNeeds: binding("filt0", "needs"),
      bindNoDev: binding("nosuch0", "no-mac-spoofing"),
      bindExtra: binding("filt0", "no-mac-spoofing").replace("<portdev", "<nosuch/><portdev"),
      noBinding: "<filterbinding/>",
      noOwner: `<filterbinding><portdev name='filt0'/></filterbinding>`,
      noMac: binding("filt0", "no-mac-spoofing").replace(`<mac address='${MAC}'/>`, ""),
      badMac: binding("filt0", "no-mac-spoofing").replace(MAC, "nonsense"),
      notBinding: "<network/>",
    },
    commands: `
net-create @net
nwfilter-define @one
nwfilter-define @needs
nwfilter-binding-list
nwfilter-binding-list nosuch
define @lostGuest
start lost
define @needy
start needy
define @guest
start filtered
nwfilter-binding-list
nwfilter-binding-dumpxml filt0
nwfilter-binding-dumpxml nosuch
nwfilter-undefine one
nwfilter-define @changed
nwfilter-define @broken
nwfilter-dumpxml one
nwfilter-define @lostRef
nwfilter-dumpxml one
nwfilter-binding-create @bind
nwfilter-binding-create @bindNoDev
nwfilter-binding-create @noBinding
nwfilter-binding-create @noOwner
nwfilter-binding-create @noMac
nwfilter-binding-create @badMac
nwfilter-binding-create @notBinding
nwfilter-binding-create @nosuch
nwfilter-binding-list
update-device filtered @cardTwo --live
nwfilter-binding-dumpxml filt0
dumpxml filtered --xpath //interface/filterref
nwfilter-undefine one
nwfilter-define @one
update-device filtered @cardLost --live
update-device filtered @cardNeeds --live
nwfilter-binding-dumpxml filt0
dumpxml filtered --xpath //interface/filterref
update-device filtered @cardSame --live
nwfilter-binding-dumpxml filt0
update-device filtered @cardFree --live
nwfilter-binding-list
dumpxml filtered --xpath //interface/filterref
update-device filtered @cardSame --live --config
nwfilter-binding-dumpxml filt0
dumpxml filtered --inactive --xpath //interface/filterref
update-device filtered @cardTwo --config
dumpxml filtered --inactive --xpath //interface/filterref
nwfilter-binding-dumpxml filt0
attach-device filtered @hot --live
nwfilter-binding-list
attach-device filtered @hotLost --live
nwfilter-binding-list
detach-device filtered @hot --live
nwfilter-binding-list
nwfilter-binding-delete filt0
nwfilter-binding-list
nwfilter-binding-delete filt0
nwfilter-binding-create @bindLost
nwfilter-binding-create @bindNeeds
nwfilter-binding-list
nwfilter-binding-create @bindExtra --validate
nwfilter-binding-create @bind
nwfilter-binding-create @bind
nwfilter-binding-dumpxml filt0
destroy filtered
nwfilter-binding-list
define @plain
start plain
nwfilter-binding-create @bind
nwfilter-binding-list
nwfilter-binding-delete filt0
update-device plain @cardTwo --live
nwfilter-binding-list
destroy plain
nwfilter-binding-list
nwfilter-binding-create @bindBrf
nwfilter-binding-list
nwfilter-binding-delete brfilt
nwfilter-undefine one
nwfilter-undefine needs
net-destroy filtered
`,
  },
  {
    title: "cards that can have a filter",
    guests: [],
    files: { net: ISOLATED, cardOther: card(ref("no-mac-spoofing"), "user", ""), ...kindFiles },
    commands: ["net-create @net", ...kindCommands, "net-destroy filtered"].join("\n"),
  },
];
