#!/bin/sh
# TypeScript to one file of JavaScript, so that starting it costs no more than starting node.
cd "$(dirname "$0")" || exit 1
root=$PWD
while [ ! -d "$root/node_modules" ] && [ "$root" != / ]; do root=$(dirname "$root"); done
exec "$root/node_modules/.bin/esbuild" main.ts --bundle --platform=node --format=esm --target=node20 --outfile=build/main.mjs --log-level=warning
