#!/bin/sh
cd "$(dirname "$0")" && mkdir -p build && exec cc -std=c17 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -o build/job-shell ./*.c
