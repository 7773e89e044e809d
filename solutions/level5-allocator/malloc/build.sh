#!/bin/sh
cd "$(dirname "$0")" && mkdir -p build &&
  exec cc -std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -fPIC -shared -fno-builtin-malloc -fvisibility=hidden -o build/libmalloc.so ./*.c -lpthread
