#!/bin/sh
# Installs what Vireo needs on Debian: `sh tools/setup.sh demo` or `sh tools/setup.sh test`.
# Says what is missing before it installs it, does nothing (and takes no time) when nothing is.
# Runs before anything of ours is there: only sh, npm and Debian's own tools.
set -eu
home=$(cd -- "$(dirname -- "$0")/.." && pwd)
cd "$home"
purpose=${1:-demo}
log="$home/.cache/setup.log"

# What a hypervisor host needs, and what the demo shows it with.
packages="qemu-system-x86 qemu-utils busybox-static libvirt-clients"
# What the tests compare with and connect from: the real libvirtd, its language bindings, `script` for a terminal.
tests="libvirt-daemon-system python3-libvirt libsys-virt-perl virtinst bsdutils iproute2 procps git chromium"
# What networks, pools and firmware of the tests' guests are made with; recommended by libvirt's packages, not drawn in by them.
tests="$tests dnsmasq-base nftables iptables ipset iputils-ping lvm2 parted e2fsprogs dosfstools fdisk scrub ovmf swtpm python3 xz-utils"
# What guests' cards are plugged into and served by beside bridges.
tests="$tests openvswitch-switch passt"
# What the metrics are read with, and the ways of the SDK to a daemon: TLS and ssh.
tests="$tests python3-prometheus-client openssh-server openssl"
[ "$purpose" = test ] && packages="$packages $tests"

say() { echo "setup: $*"; }
fail() {
  say "$*" >&2
  exit 1
}

# Runs a long command with its output in the log; shows each line that names a package, the whole end on failure.
logged() {
  mkdir -p "$home/.cache"
  : >"$log.status"
  { "$@" 2>&1 || echo failed >"$log.status"; } | tee -a "$log" |
    sed -n -e 's/^Get:\([0-9]*\) [^ ]* [^ ]* [^ ]* \([^ ]*\) .*\(\[.*\]\)$/  get \2 \3/p' \
      -e 's/^Setting up \([^ ]*\) (\(.*\)) .*/  installed \1 \2/p' -e 's/^added \(.*\)/  added \1/p'
  [ ! -s "$log.status" ] || { tail -n 40 "$log" >&2 && fail "'$*' failed; everything it said is in $log"; }
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    logged env DEBIAN_FRONTEND=noninteractive "$@"
  else
    logged sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

missing_packages() {
  have=$(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' $packages 2>/dev/null | sed -n 's/^ii *//p')
  for package in $packages; do
    echo "$have" | grep -qx "$package" || printf '%s ' "$package"
  done
}

refresh_lists() {
  [ -n "$(find /var/lib/apt/lists -name '*_Packages*' -mtime -7 2>/dev/null | head -n 1)" ] && return
  say "reading Debian's package lists"
  as_root apt-get update -q
}

install_packages() {
  command -v apt-get >/dev/null || {
    say "this is not Debian: make sure that qemu-system-x86_64, qemu-img, busybox (static) and virsh are there"
    return
  }
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "as root, run: apt-get install $missing"
  say "installing Debian packages: $missing"
  refresh_lists
  as_root apt-get install -q -y --no-install-recommends -o Dpkg::Use-Pty=0 $missing
}

# The guest's kernel is only unpacked, never installed: this machine's own boot menu is left alone.
fetch_kernel() {
  for kernel in /boot/vmlinuz-*-cloud-* "$home"/.cache/kernel/boot/vmlinuz-*-cloud-*; do
    [ -e "$kernel" ] && return
  done
  command -v apt-get >/dev/null || fail "put Debian's linux-image-*-cloud-amd64, unpacked, into $home/.cache/kernel"
  refresh_lists
  package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
  [ -n "$package" ] || fail "apt knows no linux-image-cloud-amd64: run apt-get update"
  say "fetching the guest's kernel $package (unpacked to .cache/kernel, not installed)"
  unpack "$package" kernel
}

# Downloads a package and unpacks it to .cache/NAME.
unpack() {
  draft="$home/.cache/$2.$$"
  mkdir -p "$draft"
  (cd "$draft" && logged apt-get download -q -o APT::Sandbox::User=root "$1" && dpkg -x ./*.deb . && rm ./*.deb)
  rm -rf "$home/.cache/$2" && mv "$draft" "$home/.cache/$2"
}

# Installed, it would run on this machine; it is the test guest that needs it.
fetch_agent() {
  [ -e /usr/sbin/qemu-ga ] || [ -e "$home/.cache/agent/usr/sbin/qemu-ga" ] && return
  command -v apt-get >/dev/null || return 0
  refresh_lists
  say "fetching qemu-guest-agent for the test guest (unpacked to .cache/agent, not installed)"
  unpack qemu-guest-agent agent
}

install_modules() {
  hash=$(sha256sum <package-lock.json | cut -d' ' -f1)
  stamp=node_modules/.vireo-setup
  [ -x node_modules/.bin/node ] && [ "$(cat $stamp 2>/dev/null)" = "$hash" ] && return
  say "installing npm packages (the pinned Node among them, about 400 MB on disk)"
  # Not `npm ci`: it refuses a lock file without the other platforms' binaries, which some registries do not have.
  # This obeys the lock file too, and with --no-save never writes it.
  logged npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
  [ -x node_modules/.bin/node ] || fail "npm left no node_modules/.bin/node: is this linux on x64 or arm64?"
  echo "$hash" >$stamp
}

install_packages
fetch_kernel
[ "$purpose" = test ] && fetch_agent
install_modules
