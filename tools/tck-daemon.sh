#!/bin/sh
# Inside the private host of tools/tck.sh: vireod, with process ids where the kit looks for them and the hooks that it writes.
set -eu
root=$1
mkdir -p "$root/run/qemu"
ln -sfn "$root/run/qemu" /run/libvirt/qemu
exec "$(dirname -- "$0")/../bin/vireod" --root "$root" --hooks /etc/libvirt/hooks
