#!/bin/sh
# udhcpc says what the DHCP server answered; this makes it so and reports it on the console.
case $1 in
  deconfig)
    ip addr flush dev "$interface"
    ip link set "$interface" up
    ;;
  bound | renew)
    ip addr flush dev "$interface"
    ip addr add "$ip/${mask:-24}" dev "$interface"
    for gateway in $router; do ip route replace default via "$gateway" dev "$interface"; done
    : >/etc/resolv.conf
    for server in $dns; do echo "nameserver $server" >>/etc/resolv.conf; done
    [ "$1" = bound ] && echo "vireo-guest lease name=$interface address=$ip" >/dev/console
    ;;
esac
