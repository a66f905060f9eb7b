/** Virtual networks and what is plugged into them. */
import type { Scene } from "../scene.ts";

const UUID = "11111111-2222-3333-4444-555555555511";
const PORT = "11111111-2222-3333-4444-555555555521";

const network = (name: string, inner: string): string =>
  `<network><name>${name}</name>${inner}</network>`;
const ip = (nr: number, inner = ""): string =>
  `<ip address='10.20.${nr}.1' netmask='255.255.255.0'>${inner}</ip>`;
const range = (nr: number): string =>
  `<dhcp><range start='10.20.${nr}.10' end='10.20.${nr}.99'/></dhcp>`;
const port = (inner: string): string =>
  `<networkport><uuid>${PORT}</uuid><owner><uuid>${UUID}</uuid><name>guest</name></owner><mac address='52:54:00:00:00:61'/>${inner}</networkport>`;

export const NETWORK_SCENES: readonly Scene[] = [
  {
    title: "definitions of networks",
    guests: [],
    files: {
      nat: network("nat", `<uuid>${UUID}</uuid><forward mode='nat'/>${ip(1, range(1))}`),
      again: network("other", `<uuid>${UUID}</uuid>${ip(2)}`),
      isolated: network("isolated", ip(3)),
      route: network("route", `<forward mode='route' dev='lo'/><mtu size='1400'/>${ip(4)}`),
      open: network("open", `<forward mode='open'/><domain name='lab'/>${ip(5)}`),
      bridged: network("bridged", "<forward mode='bridge'/><bridge name='nobr0'/>"),
      vepa: network("vepa", "<forward mode='vepa'><interface dev='nosuch0'/></forward>"),
      hostdev: network(
        "hostdev",
        "<forward mode='hostdev' managed='yes'><pf dev='nosuch0'/></forward>",
      ),
      full: network(
        "full",
        `<metadata><a:b xmlns:a='urn:a'>text</a:b></metadata><forward mode='nat'><nat><port start='1024' end='2000'/></nat></forward><bridge name='brfull' stp='off' delay='2'/><mac address='52:54:00:00:00:71'/><domain name='lab' localOnly='yes'/><dns enable='yes' forwardPlainNames='no'><forwarder addr='127.0.0.2'/><txt name='t' value='v'/><srv service='s' protocol='tcp' domain='lab' target='a' port='1' priority='2' weight='3'/><host ip='10.20.6.3'><hostname>h</hostname></host></dns><portgroup name='g' default='yes'><bandwidth><inbound average='100'/></bandwidth></portgroup><bandwidth><inbound average='1000' peak='2000' burst='512'/><outbound average='500'/></bandwidth>${ip(6, `<tftp root='/tmp'/><dhcp><range start='10.20.6.10' end='10.20.6.20'><lease expiry='2' unit='hours'/></range><host mac='52:54:00:00:00:01' name='a' ip='10.20.6.5'/><bootp file='pxe' server='10.20.6.1'/></dhcp>`)}<ip family='ipv6' address='fd00:20::1' prefix='64'/><route address='10.30.0.0' prefix='16' gateway='10.20.6.2'/>`,
      ),
      noName: "<network/>",
      slash: network("a/b", ""),
      badMode: network("bad", "<forward mode='nosuch'/>"),
      badIp: network("bad", "<ip address='10.20.300.1' netmask='255.255.255.0'/>"),
      badMask: network("bad", "<ip address='10.20.9.1' netmask='255.0.255.0'/>"),
      badRange: network("bad", ip(9, "<dhcp><range start='10.21.0.1' end='10.21.0.9'/></dhcp>")),
      backwards: network("bad", ip(9, "<dhcp><range start='10.20.9.20' end='10.20.9.10'/></dhcp>")),
      twoDhcp: network("bad", `${ip(9, range(9))}${ip(10, range(10))}`),
      badHost: network("bad", ip(9, "<dhcp><host/></dhcp>")),
      badBridge: network("bad", `<bridge name='nat0' stp='maybe'/>${ip(9)}`),
      badMac: network("bad", `<mac address='nonsense'/>${ip(9)}`),
      badGroup: network("bad", `<portgroup name='g'/><portgroup name='g'/>${ip(9)}`),
      badMtu: network("bad", `<mtu size='nonsense'/>${ip(9)}`),
      badBandwidth: network("bad", `<bandwidth><inbound peak='5'/></bandwidth>${ip(9)}`),
      badRoute: network(
        "bad",
        `${ip(9)}<route address='10.30.0.0' prefix='16' gateway='10.99.0.1'/>`,
      ),
      natNoIp: network("bad", "<forward mode='nat'/>"),
      bridgeIp: network("bad", `<forward mode='bridge'/><bridge name='nobr0'/>${ip(9)}`),
      sameBridge: network("bad", `<bridge name='brfull'/>${ip(9)}`),
      extra: network("extra", "<nosuch/>"),
      notNetwork: "<pool/>",
      notClosed: "<network",
    },
    commands: `
net-define @nat
net-define @nat
net-define @again
net-define @isolated
net-define @route
net-define @open
net-define @bridged
net-define @vepa
net-define @hostdev
net-define @full
net-define @full --validate
net-define @noName
net-define @slash
net-define @badMode
net-define @badIp
net-define @badMask
net-undefine bad
net-define @badRange
net-define @backwards
net-undefine bad
net-define @twoDhcp
net-undefine bad
net-define @badHost
net-define @badBridge
net-undefine bad
net-define @badMac
net-undefine bad
net-define @badGroup
net-undefine bad
net-define @badMtu
net-undefine bad
net-define @badBandwidth
net-undefine bad
net-define @badRoute
net-undefine bad
net-define @natNoIp
net-undefine bad
net-define @bridgeIp
net-undefine bad
net-define @sameBridge
net-define @extra
net-define @extra --validate
net-define @notNetwork
net-define @notClosed
net-define @nosuch
net-create @badMode
net-create @notNetwork
net-create @extra --validate
net-dumpxml nat
net-dumpxml isolated
net-dumpxml route
net-dumpxml open
net-dumpxml bridged
net-dumpxml vepa
net-dumpxml hostdev
net-dumpxml full
net-dumpxml full --inactive
net-dumpxml full --xpath //dns/txt
net-dumpxml full --xpath //ip --wrap
net-dumpxml nosuch
net-uuid nat
net-uuid nosuch
net-name ${UUID}
net-name nosuch
net-list
net-list --all
net-list --inactive
net-list --all --name
net-list --all --uuid
net-list --all --table
net-list --all --title
net-list --all --persistent
net-list --all --transient
net-list --all --autostart
net-list --all --no-autostart
net-info nat
net-info full
net-info nosuch
net-autostart nat
net-list --all --autostart
net-info nat
net-autostart nat --disable
net-autostart nosuch
net-start vepa
net-start hostdev
net-start nosuch
net-destroy nat
net-destroy nosuch
EDITOR='sed -i s/10.20.3.1/10.20.33.1/' net-edit isolated
EDITOR='sed -i s/.network>/x/' net-edit isolated
net-edit isolated
net-edit nosuch
net-dumpxml isolated
net-undefine isolated
net-undefine isolated
net-undefine nosuch
net-dhcp-leases nat
net-dhcp-leases nosuch
net-port-list nat
net-port-list nosuch
`,
  },
  {
    title: "life of networks",
    guests: ["one"],
    files: {
      nat: network("nat", `<uuid>${UUID}</uuid><forward mode='nat'/>${ip(1, range(1))}`),
      clash: network("clash", ip(1)),
      lasting: network("lasting", ip(2, range(2))),
      brief: network("brief", ip(3)),
      sameBridge: network("same", `<bridge name='virbr0'/>${ip(4)}`),
      plug: port("<plug type='bridge' bridge='virbr0'/>"),
      noPlug: port(""),
      notPort: "<network/>",
      nic: "<interface type='network'><mac address='52:54:00:00:00:62'/><source network='lasting'/><model type='virtio'/></interface>",
    },
    commands: `
net-create @nat
net-create @nat
net-create @clash
net-define @lasting
net-start lasting
net-start lasting
net-define @sameBridge
net-create @brief --validate
net-list
net-list --transient
net-list --all --persistent
net-info nat
net-dumpxml nat
net-dumpxml lasting
net-dumpxml lasting --inactive
net-autostart nat
net-undefine nat
net-dhcp-leases nat
net-dhcp-leases nat --mac 52:54:00:00:00:01
net-dhcp-leases nat --mac nonsense
net-port-list nat
net-port-list nat --uuid
net-port-list nat --table
net-port-create nat @plug
net-port-create nat @plug
net-port-create nat @noPlug
net-port-create nat @notPort
net-port-create nosuch @plug
net-port-create nat @plug --validate
net-port-list nat
net-port-dumpxml nat ${PORT}
net-port-dumpxml nat nosuch
net-port-dumpxml nosuch ${PORT}
net-port-delete nat ${PORT}
net-port-delete nat ${PORT}
net-port-delete nosuch ${PORT}
attach-device one @nic
domiflist one
~ net-port-list lasting --uuid
net-info lasting
domifaddr one
domifaddr one --source lease
net-dumpxml lasting
net-destroy lasting
domiflist one
net-start lasting
net-undefine lasting
net-undefine lasting
net-destroy lasting
net-list --all
net-destroy nat
net-destroy nat
net-destroy brief
net-list --all
net-event --list
net-event
net-event --event nosuch
net-event --event lifecycle --network nosuch
net-event --event lifecycle --timeout 1
net-event --event lifecycle --loop << net-define @lasting ; net-start lasting ; net-destroy lasting ; net-undefine lasting
net-event --event lifecycle --loop --timestamp << net-create @brief ; net-destroy brief
`,
  },
  {
    title: "changes of networks",
    guests: [],
    files: {
      net: network(
        "net",
        `<forward mode='nat'/><dns><txt name='t' value='v'/></dns>${ip(1, `<dhcp><range start='10.20.1.10' end='10.20.1.99'/><host mac='52:54:00:00:00:01' name='a' ip='10.20.1.5'/></dhcp>`)}`,
      ),
      off: network("off", ip(2, range(2))),
      host: "<host mac='52:54:00:00:00:02' name='b' ip='10.20.1.6'/>",
      hostAgain: "<host mac='52:54:00:00:00:02' name='c' ip='10.20.1.7'/>",
      hostNone: "<host mac='52:54:00:00:00:99'/>",
      hostOut: "<host mac='52:54:00:00:00:03' ip='10.99.1.6'/>",
      range: "<range start='10.20.1.100' end='10.20.1.110'/>",
      badRange: "<range start='10.20.1.100' end='10.20.1.90'/>",
      dns: "<host ip='10.20.1.7'><hostname>d</hostname></host>",
      dnsMore: "<host ip='10.20.1.7'><hostname>e</hostname></host>",
      txt: "<txt name='u' value='w'/>",
      txtAgain: "<txt name='t' value='w'/>",
      srv: "<srv service='s' protocol='tcp' target='a' port='1'/>",
      group: "<portgroup name='g'/>",
      groupDefault: "<portgroup name='h' default='yes'/>",
      bridge: "<bridge name='x'/>",
      domain: "<domain name='x'/>",
      address: "<ip address='10.20.5.1' prefix='24'/>",
      forward: "<forward mode='route'/>",
      link: "<interface dev='lo'/>",
      nonsense: "<nosuch/>",
    },
    commands: `
net-define @net
net-start net
net-define @off
net-update net add ip-dhcp-host @host
net-update net add ip-dhcp-host @host
net-update net add ip-dhcp-host @hostAgain
net-update net modify ip-dhcp-host @hostAgain
net-update net modify ip-dhcp-host @hostNone
net-update net add ip-dhcp-host @hostOut
net-update net delete ip-dhcp-host @hostNone
net-update net delete ip-dhcp-host @hostAgain
net-update net add-first ip-dhcp-host @host --live --config
net-update net add-last ip-dhcp-host @hostAgain --config
net-update net add ip-dhcp-host @host --parent-index 0
net-update net add ip-dhcp-host @host --parent-index 7
net-update net add ip-dhcp-range @range
net-update net add ip-dhcp-range @range
net-update net add ip-dhcp-range @badRange
net-update net modify ip-dhcp-range @range
net-update net delete ip-dhcp-range @range
net-update net delete ip-dhcp-range @range
net-update net add dns-host @dns
net-update net add dns-host @dnsMore
net-update net modify dns-host @dns
net-update net delete dns-host @dns
net-update net add dns-txt @txt
net-update net add dns-txt @txtAgain
net-update net delete dns-txt @txt
net-update net add dns-srv @srv
net-update net delete dns-srv @srv
net-update net delete dns-srv @srv
net-update net add portgroup @group
net-update net add portgroup @group
net-update net add portgroup @groupDefault --config
net-update net modify portgroup @group
net-update net delete portgroup @group
net-update net add forward-interface @link
net-update net add bridge @bridge
net-update net modify domain @domain
net-update net modify ip @address
net-update net modify forward @forward
net-update net add nosuch @host
net-update net nosuch ip-dhcp-host @host
net-update net add ip-dhcp-host @nonsense
net-update net add ip-dhcp-host @nosuch
net-update net add ip-dhcp-host '<host mac="52:54:00:00:00:0a" ip="10.20.1.77"/>' --live
net-update net add ip-dhcp-host @host --current --live
net-update off add ip-dhcp-host @host --live
net-update off add ip-dhcp-range '<range start="10.20.2.100" end="10.20.2.110"/>'
net-update nosuch add ip-dhcp-host @host
net-dumpxml net
net-dumpxml net --inactive
net-dumpxml off
`,
  },
];
