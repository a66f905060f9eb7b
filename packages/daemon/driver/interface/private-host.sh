#!/bin/sh
# Process 1 of a host of its own, whose interfaces are set up by KEEPER: `sh private-host.sh KEEPER PROGRAM [WORDS]`,
# inside unshare, see interface-driver.test.ts. Nothing of this machine's configuration is seen or touched.
set -eu
keeper=$1
shift
mount -t tmpfs none /mnt
mount -t tmpfs none /run
# without a udev daemon both of them wait for none only where /sys cannot be written
case $keeper in
  ifupdown) mount -t sysfs none /sys ;;
  *) mount -t sysfs -o ro none /sys ;;
esac
[ "$(ls /sys/class/net | tr '\n' ' ')" = "lo " ] || { echo "this is no network namespace of its own"; exit 1; }
ip link set lo up
ip link add eth0 type veth peer name far0
ip link set far0 up

# A copy of a directory of /etc in its place.
own() {
  mkdir -p "/mnt$1"
  cp -a "$1/." "/mnt$1/"
  mount --bind "/mnt$1" "$1"
}

bus() {
  mkdir -p /run/dbus
  dbus-daemon --system --nopidfile --nofork &
  until [ -S /run/dbus/system_bus_socket ]; do sleep 0.05; done
}

case $keeper in
  ifupdown)
    mkdir /run/network
    own /etc/network
    printf '# mine\n' >/etc/network/interfaces
    ;;
  NetworkManager)
    mkdir -p /run/udev
    own /etc/NetworkManager
    rm -rf /etc/NetworkManager/system-connections /etc/NetworkManager/conf.d
    mkdir -m 700 /etc/NetworkManager/system-connections
    printf '[main]\nplugins=keyfile\nno-auto-default=*\n[keyfile]\nunmanaged-devices=interface-name:far0\n' \
      >/etc/NetworkManager/NetworkManager.conf
    mount -t tmpfs none /var/lib
    mkdir -p /var/lib/NetworkManager /var/lib/dbus
    bus
    NetworkManager --no-daemon >/mnt/keeper.log 2>&1 &
    until nmcli -t -f RUNNING general 2>/dev/null | grep -qx running; do sleep 0.1; done
    ;;
  systemd-networkd)
    own /etc/systemd/network
    mkdir -p /run/systemd/netif
    chown systemd-network: /run/systemd/netif
    bus
    /lib/systemd/systemd-networkd >/mnt/keeper.log 2>&1 &
    until networkctl reload >/dev/null 2>&1; do sleep 0.1; done
    ;;
esac
status=0
"$@" || status=$?
[ $status = 0 ] || tail -n 40 /mnt/keeper.log 2>/dev/null || true
exit $status
