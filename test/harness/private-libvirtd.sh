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
# Other devices than this machine's, see emulated-kernel.ts: /dev is made anew, for nothing may be added to the real one.
if [ -n "${HARDWARE:-}" ]; then
	mkdir "$dir/dev"
	mount --rbind /dev "$dir/dev"
	mount -t tmpfs -o mode=755 tmpfs /dev
	for name in null zero full random urandom tty kvm; do
		[ -e "$dir/dev/$name" ] && : >"/dev/$name" && mount --bind "$dir/dev/$name" "/dev/$name"
	done
	mkdir /dev/pts /dev/shm /dev/net
	mount --rbind "$dir/dev/pts" /dev/pts
	[ -e "$dir/dev/net/tun" ] && : >/dev/net/tun && mount --bind "$dir/dev/net/tun" /dev/net/tun
	ln -s pts/ptmx /dev/ptmx
	ln -s /proc/self/fd /dev/fd
	cp -r "$HARDWARE/dev/." /dev/
	# Without control groups: a hard limit of memory is also how much a guest may lock, which tests keep low for want of
	# CAP_SYS_RESOURCE, but no QEMU fits into so little.
	umount -R -l /sys
fi
ip link set lo up
if [ -e "$dir/device-root" ]; then
  # Another host's devices, over ours; udev's library would refuse a sysfs that is none.
  host=$(cat "$dir/device-root")
  mount -t tmpfs tmpfs /run/udev 2>/dev/null || { mkdir /run/udev && mount -t tmpfs tmpfs /run/udev; }
  mkdir /run/udev/data
  mount --bind "$host/udev" /run/udev/data
  mount --bind "$host/sys" /sys
  export SYSTEMD_DEVICE_VERIFY_SYSFS=0
elif [ -e "$dir/own-links" ]; then
  # /sys shows the links of the network it was mounted in; here those of this network are to be seen.
  mkdir "$dir/sys"
  mount -t sysfs none "$dir/sys"
  for part in class/net devices/virtual/net; do mount --bind "$dir/sys/$part" "/sys/$part"; done
fi
# It would hand this on to its QEMU, and the place is only this test's.
unset TMPDIR
virtlogd --pid-file /run/libvirt/virtlogd.pid &
libvirtd --pid-file /run/libvirt/libvirtd.pid "$@" &
daemon=$!
# The shell also collects the guests that have lost their parent.
wait $daemon
