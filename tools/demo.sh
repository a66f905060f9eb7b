#!/bin/sh
# `npm run demo`: installs what is missing, then shows a guest from definition to power off.
set -eu
home=$(cd -- "$(dirname -- "$0")/.." && pwd)
sh "$home/tools/setup.sh" demo
exec "$home/node_modules/.bin/node" "$home/tools/demo.ts" "$@"
