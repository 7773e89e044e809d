#!/bin/sh
exec node "$(dirname "$0")/build/main.mjs" "$@"
