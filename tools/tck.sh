#!/bin/sh
# libvirt's Technology Compatibility Kit against vireod, in a private host of its own.
#   npm run tck -- [SCRIPT-GLOB...]        'domain/0*' 'qemu/*'; domain, qemu, hooks, storage, networks and nwfilter by default
# The kit and the scripts that run it are not part of Vireo. TCK_HOME has lab.sh, run.sh and guest.sh (and says how to get
# the kit), TCK_WORK the unpacked kit and its guest.
set -eu
home=$(cd -- "$(dirname -- "$0")/.." && pwd)
export TCK_WORK="${TCK_WORK:-/var/tmp/tck-work}"
lack() {
  echo "tck: $1" >&2
  exit 2
}
[ "$(id -u)" = 0 ] || lack "a private host needs root"
[ -n "${TCK_HOME:-}" ] || lack "set TCK_HOME to the folder with lab.sh, run.sh and guest.sh"
for script in lab.sh run.sh; do
  [ -e "$TCK_HOME/$script" ] || lack "there is no $script in $TCK_HOME"
done
[ -d "$TCK_WORK/tck/scripts" ] || lack "unpack github.com/libvirt/libvirt-tck to $TCK_WORK/tck (see $TCK_HOME/README.md)"
[ -e "$TCK_WORK/guest/disk.img" ] || lack "make the guest: $TCK_HOME/guest.sh"
perl -MSys::Virt -e 1 2>/dev/null || lack "install libsys-virt-perl and what $TCK_HOME/guest.sh names"

root="$TCK_WORK/lab-a/vireo"
uri="qemu+unix:///system?socket=$root/run/vireo-sock"
[ $# -gt 0 ] || set -- 'domain/[0124]*' 'qemu/*' 'hooks/*' 'storage/*' 'networks/*' 'nwfilter/*'
"$TCK_HOME/lab.sh" stop a
trap '"$TCK_HOME/lab.sh" stop a' EXIT
LAB_CMD="sh $home/tools/tck-daemon.sh $root" LAB_SOCK="$root/run/vireo-sock" "$TCK_HOME/lab.sh" start a
"$TCK_HOME/lab.sh" exec virsh -c "$uri" net-define /etc/libvirt/qemu/networks/default.xml >/dev/null ||
  echo "tck: no network 'default'" >&2
results=$(mktemp)
# A hook script that fails leaves the daemon stopped.
for scripts in "$@"; do
  "$TCK_HOME/lab.sh" exec "$TCK_HOME/lab.sh" svc start
  TCK_LAB=a "$TCK_HOME/run.sh" "$uri" "$scripts" | tee -a "$results"
done

# Beside libvirtd's results, as test/conformance/tck.tsv has them.
table="$TCK_WORK/run/table.tsv"
awk -F'\t' -v OFS='\t' '
  NR == FNR { libvirtd[$1] = $2; next }
  FNR == 1 { print "script", "libvirtd", "vireod", "ok", "notok", "skip", "reason" }
  $1 == "script" { next }
  { print $1, $1 in libvirtd ? libvirtd[$1] : "-", $2, $3, $4, $5, $7 }' "$TCK_HOME/baseline-libvirtd.tsv" "$results" >"$table"
rm "$results"
awk -F'\t' '$2 == "pass" { n++; if ($3 == "pass") same++; else print "tck: libvirtd passes " $1 ", vireod: " $3 }
  END { printf "tck: %d of %d that libvirtd passes\n", same, n }' "$table"
echo "tck: the table is $table"
