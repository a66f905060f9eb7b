/** Virtual networks and what is plugged into them. */
import type { Scene } from "../scene.ts";
import { NETWORK_DEFINITION_SCENE } from "./network-definition.ts";
import { ip, network, NETWORK_UUID, range } from "./network-xml.ts";

const PORT = "11111111-2222-3333-4444-555555555521";

const port = (inner: string): string =>
  `<networkport><uuid>${PORT}</uuid><owner><uuid>${NETWORK_UUID}</uuid><name>guest</name></owner><mac address='52:54:00:00:00:61'/>${inner}</networkport>`;

export const NETWORK_SCENES: readonly Scene[] = [
  NETWORK_DEFINITION_SCENE,
  {
    title: "life of networks",
    guests: ["one"],
    files: {
      nat: network("nat", `<uuid>${NETWORK_UUID}</uuid><forward mode='nat'/>${ip(1, range(1))}`),
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
net-port-create lasting @noPlug
net-port-dumpxml lasting nosuch
net-dhcp-leases lasting --mac nonsense
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
      notClosed: "<host",
      hostNew: "<host mac='52:54:00:00:00:44' name='n' ip='10.20.1.44'/>",
      hostMac: "<host mac='52:54:00:00:00:45' ip='10.20.1.45'/>",
      hostName: "<host name='only' ip='10.20.1.46'/>",
      hostAddress: "<host ip='10.20.1.5'/>",
      dnsName: "<host><hostname>d</hostname></host>",
      dnsNone: "<host ip='10.99.0.1'/>",
      txtNone: "<txt name='none'/>",
      srvPart: "<srv service='s' protocol='tcp'/>",
      srvNone: "<srv protocol='udp'/>",
      groupNone: "<portgroup name='none'/>",
      link7: "<interface dev='none7'/>",
      vepa: network("vepa", "<forward mode='vepa'><interface dev='none1'/></forward>"),
    },
    commands: `
net-define @vepa
net-update vepa add forward-interface @link7
net-update vepa add forward-interface @link7
net-update vepa modify forward-interface @link7
net-update vepa delete forward-interface @link7
net-update vepa delete forward-interface @link7
net-update vepa add ip-dhcp-host @host
net-update vepa add dns-txt @txt
net-dumpxml vepa
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
net-update net modify ip-dhcp-host @hostNew
net-update net add ip-dhcp-host @hostMac
net-update net add ip-dhcp-host @hostMac
net-update net add ip-dhcp-host @hostName
net-update net add ip-dhcp-host @hostName
net-update net delete ip-dhcp-host @hostName
net-update net delete ip-dhcp-host @hostAddress
net-update net add ip-dhcp-host @notClosed
net-update net add dns-host @dnsName
net-update net add dns-host @dnsNone
net-update net delete dns-host @dnsName
net-update net delete dns-host @dnsNone
net-update net modify dns-txt @txt
net-update net delete dns-txt @txtNone
net-update net add dns-txt @txtNone
net-update net add dns-srv @srv
net-update net add dns-srv @srv
net-update net add dns-srv @srvPart
net-update net modify dns-srv @srv
net-update net delete dns-srv @srvPart
net-update net add dns-srv @srvNone
net-update net delete dns-srv @srvNone
net-update net modify portgroup @groupNone
net-update net delete portgroup @groupNone
net-update net modify forward-interface @link
net-update net delete forward-interface @link
net-update net add domain @domain
net-update net modify mac @domain
net-update net add bandwidth @domain
net-update net add dhcp @domain
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
