#!/bin/sh
# A thousand calls of Python are some thousands of JavaScript, more than the usual stack holds.
exec node --stack-size=6000 "$(dirname "$0")/build/main.mjs" "$@"
