#!/bin/sh
# First process of the test guest: brings up what the machine has, says so on the console, then offers shells.
export PATH=/bin HOME=/ TERM=vt100
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /run
mount -t devpts devpts /dev/pts
while read -r module; do
  insmod "/lib/modules/$module" 2>/dev/null
done </lib/modules/order
hostname vireo-guest

# The power button arrives as an input event; acpid runs /etc/acpi/PWRF/00000080 on it.
acpid -c /etc/acpi -p /run/acpid.pid -l /dev/null >/dev/null 2>&1
[ -e /dev/rtc0 ] && hwclock -u -s 2>/dev/null

dmi=/sys/class/dmi/id
uuid=$(cat $dmi/product_uuid 2>/dev/null || echo none)
memory=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
cpus=$(nproc)

say() {
  echo "$*" >/dev/console
}
say
say "Hello from a Vireo guest"
say "Linux $(uname -r), up $(cut -d' ' -f1 /proc/uptime) s"
for disk in /sys/block/*; do
  case ${disk##*/} in
    loop* | ram* | '*') ;;
    *) say "vireo-guest disk name=${disk##*/} sectors=$(cat "$disk/size") serial=$(cat "$disk/serial" 2>/dev/null)" ;;
  esac
done

ip link set lo up
for device in /sys/class/net/*; do
  name=${device##*/}
  [ "$name" = lo ] && continue
  say "vireo-guest nic name=$name mac=$(cat "$device/address")"
  ip link set "$name" up
  udhcpc -i "$name" -s /etc/udhcpc.sh -t 4 -T 1 -A 2 -b -S >/dev/null 2>&1 &
done
[ -x /etc/agent.sh ] && /etc/agent.sh
say "vireo-guest ready uuid=$uuid memory=${memory}kB cpus=$cpus"

# One shell for each console that the machine has; a shell that ends is started again.
shell_on() {
  while :; do
    setsid sh -c "exec sh -i </dev/$1 >/dev/$1 2>&1"
    sleep 1
  done
}
[ -c /dev/hvc0 ] && shell_on hvc0 &
serial=ttyS0
[ -c /dev/ttyAMA0 ] && serial=ttyAMA0
shell_on $serial
