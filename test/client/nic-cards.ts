/** Network cards for nic-same: one of each kind and of each way to get it wrong; and what they are plugged into. */

export const MAC = "52:54:00:00:00:01";

const nic = (type: string, more: string): string =>
  `<interface type='${type}'><mac address='${MAC}'/><model type='virtio'/>${more}</interface>`;
const b = (more: string, bridge = "one0"): string =>
  nic("bridge", `<source bridge='${bridge}'/>${more}`);

export const domain = (cards: string): string => `<domain type='qemu'>
  <name>one</name>
  <uuid>0f0e0d0c-0b0a-4908-8706-050403020101</uuid>
  <memory unit='MiB'>16</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type='usb' index='0' model='piix3-uhci'/>
    ${cards}
    <memballoon model='none'/>
  </devices>
</domain>`;

export const CARDS: Readonly<Record<string, string>> = {
  user: nic("user", ""),
  bridge: b(""),
  bridgeTarget: b("<target dev='tap7'/>"),
  bridgeVnet: b("<target dev='vnet99'/>"),
  bridgeMtu: b("<mtu size='1300'/>"),
  bridgeMtuBig: b("<mtu size='100000'/>"),
  bridgeTwo: b("", "two0"),
  bridgeNone: b("", "nosuch0"),
  bridgeNotBridge: b("", "out0"),
  bridgeQueues: b("<driver name='qemu' queues='3'/>"),
  bridgeQueuesE1000: b("<driver queues='3'/>").replace("virtio", "e1000"),
  bridgeVlan: b("<vlan><tag id='7'/></vlan>"),
  bridgeIsolated: b("<port isolated='yes'/>"),
  bridgeLinkDown: b("<link state='down'/>"),
  bridgeScript: b("<script path='/bin/true'/>"),
  bridgeVhost: b("<driver name='vhost'/>"),
  bridgeCoalesce: b("<coalesce><rx><frames max='7'/></rx></coalesce>"),
  bridgeSndbuf: b("<tune><sndbuf>1600</sndbuf></tune>"),
  bridgeFilter: b("<filterref filter='no-ip-spoofing'/>"),
  bridgeFilterNone: b("<filterref filter='nosuch'/>"),
  bridgeVport: b(
    "<virtualport type='802.1Qbg'><parameters managerid='11' typeid='1193047' typeidversion='2' instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></virtualport>",
  ),
  bridgeLong: b("<target dev='muchtoolongforaname'/>"),
  bridgeTaken: b("<target dev='one0'/>"),
  bridgeBoot: b("<boot order='3'/>"),
  bridgeE1000: b("").replace("virtio", "e1000"),
  bridgeTransitional: b("").replace("virtio", "virtio-transitional"),
  bridgeMacMulticast: b("").replace(MAC, "53:54:00:00:00:01"),
  bridgeIp: b("<ip address='10.0.0.1' prefix='24'/>"),
  bridgeFloor: b("<bandwidth><inbound average='100' floor='50'/></bandwidth>"),
  directVepa: nic("direct", "<source dev='out0' mode='vepa'/>"),
  directBridge: nic("direct", "<source dev='out0' mode='bridge'/>"),
  directPrivate: nic("direct", "<source dev='out0' mode='private'/>"),
  directPass: nic("direct", "<source dev='out0' mode='passthrough'/>"),
  directDefault: nic("direct", "<source dev='out0'/>"),
  directNone: nic("direct", "<source dev='nosuch0'/>"),
  directTarget: nic("direct", "<source dev='out0'/><target dev='tap8'/>"),
  directMtu: nic("direct", "<source dev='out0'/><mtu size='1300'/>"),
  directQueues: nic("direct", "<source dev='out0'/><driver name='qemu' queues='2'/>"),
  directVlan: nic("direct", "<source dev='out0'/><vlan><tag id='7'/></vlan>"),
  directFilter: nic("direct", "<source dev='out0'/><filterref filter='no-ip-spoofing'/>"),
  directE1000: nic("direct", "<source dev='out0' mode='bridge'/>").replace("virtio", "e1000"),
  ethernet: nic("ethernet", ""),
  ethernetTarget: nic("ethernet", "<target dev='tap9'/>"),
  ethernetUnmanaged: nic("ethernet", "<target dev='mine0' managed='no'/>"),
  ethernetUnmanagedNone: nic("ethernet", "<target dev='nosuch0' managed='no'/>"),
  ethernetUnmanagedUnnamed: nic("ethernet", "<target managed='no'/>"),
  ethernetScript: nic("ethernet", "<script path='/bin/true'/>"),
  ethernetScriptBad: nic("ethernet", "<script path='/bin/false'/>"),
  ethernetScriptNone: nic("ethernet", "<script path='/nosuch'/>"),
  ethernetScriptEmpty: nic("ethernet", "<script path=''/>"),
  ethernetDownscript: nic("ethernet", "<script path='/bin/true'/><downscript path='/bin/true'/>"),
  ethernetIp: nic(
    "ethernet",
    "<source><ip address='10.1.0.1' prefix='24' peer='10.1.0.2'/><route address='10.7.0.0' prefix='16' gateway='10.1.0.2'/></source>",
  ),
  ethernetMtu: nic("ethernet", "<mtu size='1300'/>"),
  ethernetQueues: nic("ethernet", "<driver name='qemu' queues='2'/>"),
  ethernetGuestIp: nic("ethernet", "<ip address='10.1.0.1' prefix='24'/>"),
  vhostuserNoModel: nic(
    "vhostuser",
    "<source type='unix' path='/nosuch.sock' mode='client'/>",
  ).replace("virtio", "e1000"),
  vdpa: nic("vdpa", "<source dev='/dev/vhost-vdpa-99'/>"),
  userForward: nic("user", "<portForward proto='tcp'><range start='5023' to='23'/></portForward>"),
  userIp: nic("user", "<ip address='172.17.2.0' prefix='24'/>"),
  netNone: nic("network", "<source network='nosuch'/>"),
  netNat: nic("network", "<source network='nat1'/>"),
  netOff: nic("network", "<source network='off1'/>"),
  netBridge: nic("network", "<source network='bridge1'/>"),
  netPrivate: nic("network", "<source network='private1'/>"),
  netGroup: nic("network", "<source network='nat1' portgroup='eng'/>"),
  netGroupNone: nic("network", "<source network='nat1' portgroup='nosuch'/>"),
  netMtu: nic("network", "<source network='mtu1'/>"),
  netVlan: nic("network", "<source network='nat1'/><vlan><tag id='7'/></vlan>"),
  netFloor: nic(
    "network",
    "<source network='nat1'/><bandwidth><inbound average='100' floor='50'/></bandwidth>",
  ),
  netIsolated: nic("network", "<source network='nat1'/><port isolated='yes'/>"),
  netTarget: nic("network", "<source network='nat1'/><target dev='tap5'/>"),
  netScript: nic("network", "<source network='nat1'/><script path='/bin/true'/>"),
  netBridgeScript: nic("network", "<source network='bridge1'/><script path='/bin/true'/>"),
  userScript: nic("user", "<script path='/bin/true'/>"),
  directScript: nic("direct", "<source dev='out0'/><script path='/bin/true'/>"),
  bridgeDown: b("<downscript path='/bin/true'/>"),
  ethMine: nic("ethernet", "<target dev='mine0'/>"),
  ethTaken: nic("ethernet", "<target dev='one0'/>"),
  bridgeMine: b("<target dev='mine0'/>"),
  directLong: nic("direct", "<source dev='out0'/><target dev='muchtoolongforaname'/>"),
  userIpTwo: nic(
    "user",
    "<ip address='172.17.2.0' prefix='24'/><ip address='172.17.3.0' prefix='24'/>",
  ),
  userIpPeer: nic("user", "<ip address='172.17.2.0' prefix='24' peer='172.17.2.9'/>"),
  userIp30: nic("user", "<ip address='172.17.2.0' prefix='30'/>"),
  userIp6: nic("user", "<ip family='ipv6' address='2001:db8:ac10:fd01::' prefix='64'/>"),
  userRoute: nic("user", "<route address='10.0.0.0' prefix='8' gateway='10.0.2.2'/>"),
  userSourceIp: nic("user", "<source><ip address='10.0.0.1' prefix='8'/></source>"),
  userVlan: nic("user", "<vlan><tag id='7'/></vlan>"),
  userVport: nic("user", "<virtualport type='openvswitch'/>"),
  userFilter: nic("user", "<filterref filter='clean-traffic'/>"),
  userMtu: nic("user", "<mtu size='1300'/>"),
  userIsolated: nic("user", "<port isolated='yes'/>"),
  directIsolated: nic("direct", "<source dev='out0'/><port isolated='yes'/>"),
  userCoalesce: nic("user", "<coalesce><rx><frames max='7'/></rx></coalesce>"),
  userTarget: nic("user", "<target dev='tap6'/>"),
  userSndbuf: nic("user", "<tune><sndbuf>1600</sndbuf></tune>"),
  userQueues: nic("user", "<driver queues='2'/>"),
  udpQueues: nic(
    "udp",
    "<source address='127.0.0.1' port='5001'><local address='127.0.0.1' port='5002'/></source><driver queues='2'/>",
  ),
  userFloor: nic("user", "<bandwidth><inbound average='100'/></bandwidth>"),
  directFloor: nic(
    "direct",
    "<source dev='out0'/><bandwidth><inbound average='100' floor='10'/></bandwidth>",
  ),
  ethSourceDev: nic("ethernet", "<source dev='nosuch0'/>"),
  directPassVlan: nic(
    "direct",
    "<source dev='out0' mode='passthrough'/><vlan><tag id='7'/></vlan>",
  ),
  netVport: nic("network", "<source network='nat1'/><virtualport type='openvswitch'/>"),
  txmode: nic("user", "<driver txmode='timer' ioeventfd='on'/>"),
  macCheck: nic("user", "").replace(
    "address='52:54:00:00:00:01'",
    "address='52:54:00:00:00:01' type='static' check='no'",
  ),
  trustUser: nic("user", "").replace("type='user'", "type='user' trustGuestRxFilters='yes'"),
};

const network = (name: string, inner: string): string =>
  `<network><name>${name}</name>${inner}</network>`;

export const NETWORKS: Readonly<Record<string, string>> = {
  nat1: network(
    "nat1",
    "<forward mode='nat'/><bridge name='nat1br'/><ip address='10.77.0.1' prefix='24'><dhcp><range start='10.77.0.2' end='10.77.0.9'/></dhcp></ip><portgroup name='eng'><port isolated='yes'/></portgroup>",
  ),
  bridge1: network("bridge1", "<forward mode='bridge'/><bridge name='two0'/>"),
  private1: network("private1", "<forward mode='private'><interface dev='out0'/></forward>"),
  mtu1: network("mtu1", "<mtu size='1350'/><bridge name='mtu1br'/>"),
  iso2: network("iso2", "<bridge name='iso2br'/>"),
  off1: network(
    "off1",
    "<forward mode='nat'/><bridge name='off1br'/><ip address='10.78.0.1' prefix='24'/>",
  ),
};
