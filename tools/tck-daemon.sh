#!/bin/sh
# Inside the private host of tools/tck.sh: vireod, with process ids where the kit looks for them, the hooks that it writes,
# and its rules where the kit reads them: networks/100 and nwfilter/* compare what iptables and ebtables list.
set -eu
root=$1
mkdir -p "$root/run/qemu"
ln -sfn "$root/run/qemu" /run/libvirt/qemu
exec "$(dirname -- "$0")/../bin/vireod" --root "$root" --hooks /etc/libvirt/hooks --firewall-backend iptables
