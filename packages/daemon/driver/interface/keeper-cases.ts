/** Definitions that every keeper is asked to hold, for its tests. */

export const KEPT = {
  dhcp: "<interface type='ethernet' name='e'><start mode='none'/><protocol family='ipv4'><dhcp/></protocol></interface>",
  static: `<interface type='ethernet' name='e'><start mode='onboot'/><mtu size='1400'/>
    <protocol family='ipv4'><ip address='10.1.0.1' prefix='24'/><ip address='10.2.0.1' prefix='16'/><route gateway='10.1.0.254'/></protocol>
    <protocol family='ipv6'><ip address='fd00::1' prefix='64'/><route gateway='fd00::ff'/></protocol>
    <mac address='02:00:00:00:00:01'/></interface>`,
  autoconf: `<interface type='ethernet' name='e'><start mode='onboot'/><protocol family='ipv6'><autoconf/></protocol></interface>`,
  "DHCP for both": `<interface type='ethernet' name='e'><start mode='onboot'/><protocol family='ipv4'><dhcp/></protocol>
    <protocol family='ipv6'><dhcp/></protocol></interface>`,
  bridge: `<interface type='bridge' name='b'><start mode='onboot'/>
    <protocol family='ipv4'><ip address='10.1.0.1' prefix='24'/></protocol>
    <bridge stp='off' delay='0'><interface type='ethernet' name='e'/></bridge></interface>`,
  "empty bridge": `<interface type='bridge' name='b'><start mode='none'/><bridge stp='on' delay='4'></bridge></interface>`,
  vlan: `<interface type='vlan' name='e.5'><start mode='none'/><protocol family='ipv4'><ip address='10.5.0.1' prefix='24'/></protocol>
    <vlan tag='5'><interface name='e'/></vlan></interface>`,
  bond: `<interface type='bond' name='bo'><start mode='onboot'/><protocol family='ipv4'><dhcp/></protocol>
    <bond mode='active-backup'><miimon freq='100' downdelay='10' updelay='20'/>
    <interface type='ethernet' name='e'/><interface type='ethernet' name='f'/></bond></interface>`,
  "bond by netif": `<interface type='bond' name='bo'><start mode='onboot'/>
    <bond mode='balance-xor'><miimon freq='100' carrier='netif'/><interface type='ethernet' name='e'/></bond></interface>`,
  "bond by ARP": `<interface type='bond' name='bo'><start mode='onboot'/>
    <bond mode='balance-rr'><arpmon interval='100' target='10.0.0.9' validate='active'/>
    <interface type='ethernet' name='e'/></bond></interface>`,
  "bridge on a bond": `<interface type='bridge' name='b'><start mode='onboot'/><bridge stp='off' delay='0'>
    <interface type='bond' name='bo'><bond mode='802.3ad'><miimon freq='100'/><interface type='ethernet' name='e'/></bond></interface></bridge></interface>`,
  "bridge on a VLAN": `<interface type='bridge' name='b'><start mode='onboot'/><protocol family='ipv4'><dhcp/></protocol>
    <bridge stp='off' delay='0'><interface type='vlan' name='e.7'><vlan tag='7'><interface name='e'/></vlan></interface></bridge></interface>`,
} as const;
