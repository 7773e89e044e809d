#!/bin/sh
exec env LD_PRELOAD="$(cd "$(dirname "$0")" && pwd)/build/libmalloc.so" "$@"
