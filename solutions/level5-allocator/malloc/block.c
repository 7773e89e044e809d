#include "block.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Drawn by the kernel for each process: an overflow can not know what a header must look like. */
static size_t secret(void) {
    static size_t value;
    if (value == 0) {
        const unsigned char *random = (const unsigned char *)getauxval(AT_RANDOM);
        if (random != NULL) memcpy(&value, random, sizeof value);
        value |= 1;
    }
    return value;
}

static size_t check_for(const block *b) { return (b->size_and_flags ^ (size_t)b) * 0x9E3779B97F4A7C15u ^ secret(); }

void label(block *b, size_t size, size_t flags) {
    b->size_and_flags = size | flags;
    b->check = check_for(b);
}

void flag(block *b, size_t add, size_t remove) {
    b->size_and_flags = (b->size_and_flags | add) & ~remove;
    b->check = check_for(b);
}

void examine(const block *b, const char *what) {
    if ((size_t)b % ALIGNMENT != 0 || b->check != check_for(b)) complain(what);
}

void complain(const char *what) {
    /* Nothing here may allocate: stdio could. */
    const char *parts[] = {"malloc: ", what, "\n"};
    for (int n = 0; n < 3; n++)
        if (write(STDERR_FILENO, parts[n], strlen(parts[n])) < 0) break;
    abort();
}
