#!/bin/sh
# Inside the private host of tools/tck.sh: vireod, with process ids and hooks where the kit looks for them.
set -eu
root=$1
mkdir -p "$root/run/qemu" "$root/etc"
ln -sfn "$root/run/qemu" /run/libvirt/qemu
ln -sfn /etc/libvirt/hooks "$root/etc/hooks"
exec "$(dirname -- "$0")/../bin/vireod" --root "$root"
