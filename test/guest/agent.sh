#!/bin/sh
# Starts Debian's QEMU guest agent on its port, as systemd and udev do on a whole Debian.
mkdir -p /root /etc /var/log
while read -r module; do
  insmod "/lib/modules/$module" 2>/dev/null
done </lib/modules/agent-order
for port in /sys/class/virtio-ports/*; do
  [ "$(cat "$port/name" 2>/dev/null)" = org.qemu.guest_agent.0 ] || continue
  # a disk that is there to be frozen: made anew at each boot
  if [ -b /dev/vda ]; then
    mke2fs -F /dev/vda >/dev/null 2>&1
    mount -t ext4 /dev/vda /mnt 2>/dev/null
  fi
  qemu-ga -d -m virtio-serial -p "/dev/${port##*/}" -f /run/qemu-ga.pid -t /run -l /run/qemu-ga.log
done
