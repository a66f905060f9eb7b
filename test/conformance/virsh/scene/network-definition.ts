/** Definitions of virtual networks: what is taken, and what is refused in which words. */
import type { Scene } from "../scene.ts";
import { ip, network, NETWORK_UUID, range } from "./network-xml.ts";

export const NETWORK_DEFINITION_SCENE: Scene = {
  title: "definitions of networks",
  guests: [],
  files: {
    nat: network("nat", `<uuid>${NETWORK_UUID}</uuid><forward mode='nat'/>${ip(1, range(1))}`),
    again: network("other", `<uuid>${NETWORK_UUID}</uuid>${ip(2)}`),
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
    badMask: network("mask", "<ip address='10.20.9.1' netmask='255.0.255.0'/>"),
    badRange: network("bad", ip(9, "<dhcp><range start='10.21.0.1' end='10.21.0.9'/></dhcp>")),
    backwards: network("bad", ip(9, "<dhcp><range start='10.20.9.20' end='10.20.9.10'/></dhcp>")),
    twoDhcp: network("bad", `${ip(9, range(9))}${ip(10, range(10))}`),
    badHost: network("bad", ip(9, "<dhcp><host/></dhcp>")),
    badBridge: network("stp", `<bridge name='nat0' stp='maybe'/>${ip(9)}`),
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
    twoDhcp6: network(
      "bad",
      "<ip family='ipv6' address='fd00:1::1' prefix='64'><dhcp><range start='fd00:1::10' end='fd00:1::20'/></dhcp></ip><ip family='ipv6' address='fd00:2::1' prefix='64'><dhcp><range start='fd00:2::10' end='fd00:2::20'/></dhcp></ip>",
    ),
    twoTftp: network("bad", `${ip(9, "<tftp root='/a'/>")}${ip(10, "<tftp root='/b'/>")}`),
    routeNoIp: network("bad", "<forward mode='route'/>"),
    openNoIp: network("bad", "<forward mode='open'/>"),
    openDev: network("bad", `<forward mode='open' dev='lo'/>${ip(9)}`),
    vepaBridge: network("bad", "<forward mode='vepa'/><bridge name='b'/>"),
    bridgeDev: network("bad", "<forward mode='bridge' dev='lo'/><bridge name='b'/>"),
    bridgeNone: network("bad", "<forward mode='bridge'/>"),
    bridgeDelay: network("bad", "<forward mode='bridge'/><bridge name='b' delay='5'/>"),
    bridgeStp: network("bad", "<forward mode='bridge'/><bridge name='b' stp='on'/>"),
    bridgeMac: network(
      "bad",
      "<forward mode='bridge'/><bridge name='b'/><mac address='52:54:00:00:00:71'/>",
    ),
    bridgeDomain: network("bad", "<forward mode='bridge'/><bridge name='b'/><domain name='d'/>"),
    bridgeDns: network(
      "bad",
      "<forward mode='bridge'/><bridge name='b'/><dns><txt name='t' value='v'/></dns>",
    ),
    bridgeRates: network(
      "bad",
      "<forward mode='bridge'/><bridge name='b'/><bandwidth><inbound average='5'/></bandwidth>",
    ),
    bridgeMtu: network("bad", "<forward mode='bridge'/><bridge name='b'/><mtu size='1400'/>"),
    bridgeRoute: network(
      "bad",
      "<forward mode='bridge'/><bridge name='b'/><route address='10.30.0.0' prefix='16' gateway='10.20.9.2'/>",
    ),
    hostdevNone: network("bad", "<forward mode='hostdev'/>"),
    hostdevRates: network(
      "bad",
      "<forward mode='hostdev'><pf dev='nosuch0'/></forward><portgroup name='g'><bandwidth><inbound average='5'/></bandwidth></portgroup>",
    ),
    twoPf: network("bad", "<forward mode='hostdev'><pf dev='a'/><pf dev='b'/></forward>"),
    pfAndLink: network(
      "bad",
      "<forward mode='passthrough'><pf dev='a'/><interface dev='b'/></forward>",
    ),
    linkTwice: network(
      "bad",
      "<forward mode='bridge'><interface dev='a'/><interface dev='a'/></forward>",
    ),
    natPorts: network(
      "bad",
      `<forward mode='nat'><nat><port start='20' end='10'/></nat></forward>${ip(9)}`,
    ),
    natAddress: network(
      "bad",
      `<forward mode='nat'><nat><address start='x' end='10.0.0.1'/></nat></forward>${ip(9)}`,
    ),
    routeNat: network(
      "bad",
      `<forward mode='route'><nat><port start='1' end='2'/></nat></forward>${ip(9)}`,
    ),
    natVlan: network("bad", `<forward mode='nat'/>${ip(9)}<vlan><tag id='5'/></vlan>`),
    natPort: network("bad", `<forward mode='nat'/>${ip(9)}<port isolated='yes'/>`),
    twoDefaults: network(
      "bad",
      `<portgroup name='g' default='yes'/><portgroup name='h' default='yes'/>${ip(9)}`,
    ),
    groupVlan: network("bad", `${ip(9)}<portgroup name='g'><vlan><tag id='5'/></vlan></portgroup>`),
    ipv6Mask: network("bad", "<ip family='ipv6' address='fd00::1' netmask='255.0.0.0'/>"),
    bothMasks: network("bad", "<ip address='10.20.9.1' netmask='255.255.255.0' prefix='24'/>"),
    longPrefix: network("bad", "<ip address='10.20.9.1' prefix='33'/>"),
    wrongFamily: network("bad", "<ip family='ipv4' address='fd00::1' prefix='64'/>"),
    noMacHost: network("bad", ip(9, "<dhcp><host ip='10.20.9.5'/></dhcp>")),
    badMacHost: network("bad", ip(9, "<dhcp><host mac='x' ip='10.20.9.5'/></dhcp>")),
    badIpHost: network("bad", ip(9, "<dhcp><host mac='52:54:00:00:00:01' ip='x'/></dhcp>")),
    emptyRange: network("bad", ip(9, "<dhcp><range start='10.20.9.10'/></dhcp>")),
    badSrv: network(
      "bad",
      `<dns><srv service='s' protocol='tcp' target='t' port='0'/></dns>${ip(9)}`,
    ),
    noSrv: network("bad", `<dns><srv protocol='tcp'/></dns>${ip(9)}`),
    badTxt: network("bad", `<dns><txt name='a b' value='v'/></dns>${ip(9)}`),
    noTxt: network("bad", `<dns><txt name='a'/></dns>${ip(9)}`),
    badDnsHost: network("bad", `<dns><host ip='x'><hostname>h</hostname></host></dns>${ip(9)}`),
    noDnsHost: network("bad", `<dns><host ip='10.0.0.1'/></dns>${ip(9)}`),
    badForwarder: network("bad", `<dns><forwarder/></dns>${ip(9)}`),
    newline: network("a\nb", ""),
    longBridge: network("bad", `<bridge name='averyverylongname'/>${ip(9)}`),
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
net-define @badRange
net-define @backwards
net-define @twoDhcp
net-define @badHost
net-define @badMac
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
net-define @twoDhcp6
net-undefine bad
net-define @twoTftp
net-undefine bad
net-define @routeNoIp
net-undefine bad
net-define @openNoIp
net-undefine bad
net-define @openDev
net-undefine bad
net-define @vepaBridge
net-undefine bad
net-define @bridgeDev
net-undefine bad
net-define @bridgeNone
net-undefine bad
net-define @bridgeDelay
net-undefine bad
net-define @bridgeStp
net-undefine bad
net-define @bridgeMac
net-undefine bad
net-define @bridgeDomain
net-undefine bad
net-define @bridgeDns
net-undefine bad
net-define @bridgeRates
net-undefine bad
net-define @bridgeMtu
net-undefine bad
net-define @bridgeRoute
net-undefine bad
net-define @hostdevNone
net-undefine bad
net-define @hostdevRates
net-undefine bad
net-define @twoPf
net-undefine bad
net-define @pfAndLink
net-undefine bad
net-define @linkTwice
net-undefine bad
net-define @natPorts
net-undefine bad
net-define @natAddress
net-undefine bad
net-define @routeNat
net-undefine bad
net-define @natVlan
net-undefine bad
net-define @natPort
net-undefine bad
net-define @twoDefaults
net-undefine bad
net-define @groupVlan
net-undefine bad
net-define @ipv6Mask
net-undefine bad
net-define @bothMasks
net-undefine bad
net-define @longPrefix
net-undefine bad
net-define @wrongFamily
net-undefine bad
net-define @noMacHost
net-undefine bad
net-define @badMacHost
net-undefine bad
net-define @badIpHost
net-undefine bad
net-define @emptyRange
net-undefine bad
net-define @badSrv
net-undefine bad
net-define @noSrv
net-undefine bad
net-define @badTxt
net-undefine bad
net-define @noTxt
net-undefine bad
net-define @badDnsHost
net-undefine bad
net-define @noDnsHost
net-undefine bad
net-define @badForwarder
net-undefine bad
net-define @newline
net-undefine bad
net-define @longBridge
net-undefine bad
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
net-name ${NETWORK_UUID}
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
net-define @badMask
net-define @badBridge
`,
};
