#!/bin/sh
exec "$(dirname "$0")/build/job-shell" "$@"
