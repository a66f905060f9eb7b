#!/bin/sh
# Process 1 of a host of its own for the real libvirtd: private mounts, processes and network, so that nothing of
# this machine's libvirt is seen or touched. `sh private-libvirtd.sh DIR [WORDS]`, inside unshare, see libvirtd.ts.
# DIR/settings are further lines of libvirtd.conf, WORDS of its command line.
set -eu
dir=$1
shift
mount --make-rprivate /
mkdir -p "$dir/run" "$dir/etc" "$dir/lib" "$dir/log" "$dir/cache"
cp -a /etc/libvirt/. "$dir/etc/"
rm -rf "$dir"/etc/qemu/*.xml "$dir"/etc/qemu/autostart "$dir"/etc/qemu/networks/autostart "$dir"/etc/hooks
# Whom its QEMU runs as and what it sees of /dev is no subject of our tests, and no matter of milliseconds.
printf 'user = "root"\ngroup = "root"\ndynamic_ownership = 0\nsecurity_driver = "none"\nnamespaces = []\n' >>"$dir/etc/qemu.conf"
cat "$dir/settings" >>"$dir/etc/libvirtd.conf"
chmod 755 "$dir" "$dir/run" "$dir/etc" "$dir/lib" "$dir/log" "$dir/cache"
mkdir -p /run/libvirt /run/lock
mount --bind "$dir/run" /run/libvirt
# Locks of terminals name processes, and process numbers are our own here.
mount -t tmpfs tmpfs /run/lock
mount --bind "$dir/etc" /etc/libvirt
mount --bind "$dir/lib" /var/lib/libvirt
mount --bind "$dir/log" /var/log/libvirt
mount --bind "$dir/cache" /var/cache/libvirt
ip link set lo up
if [ -e "$dir/device-root" ]; then
  # Another host's devices, over ours; udev's library would refuse a sysfs that is none.
  host=$(cat "$dir/device-root")
  mount -t tmpfs tmpfs /run/udev 2>/dev/null || { mkdir /run/udev && mount -t tmpfs tmpfs /run/udev; }
  mkdir /run/udev/data
  mount --bind "$host/udev" /run/udev/data
  mount --bind "$host/sys" /sys
  export SYSTEMD_DEVICE_VERIFY_SYSFS=0
fi
# It would hand this on to its QEMU, and the place is only this test's.
unset TMPDIR
virtlogd --pid-file /run/libvirt/virtlogd.pid &
libvirtd --pid-file /run/libvirt/libvirtd.pid "$@" &
daemon=$!
# The shell also collects the guests that have lost their parent.
wait $daemon
