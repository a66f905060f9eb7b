#!/bin/sh
# `npm test`: installs what is missing, then the gate, then the tests with real QEMU and real clients.
set -eu
home=$(cd -- "$(dirname -- "$0")/.." && pwd)
cd "$home"
sh tools/setup.sh test
PATH="$home/node_modules/.bin:$PATH"
export PATH
npm run --silent ok
node tools/test-integration.ts "$@"
