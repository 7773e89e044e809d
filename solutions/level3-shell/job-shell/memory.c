#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct piece {
    struct piece *next;
    max_align_t bytes[];
} piece;

static piece *pieces;

void *keep(void *old, size_t bytes) {
    void *memory = realloc(old, bytes);
    if (memory != NULL) return memory;
    fputs("job-shell: no memory\n", stderr);
    exit(2);
}

char *keep_text(const char *source) { return strcpy(keep(NULL, strlen(source) + 1), source); }

void *take(size_t bytes) {
    piece *p = keep(NULL, sizeof *p + bytes);
    p->next = pieces;
    pieces = p;
    return p->bytes;
}

char *take_text(const char *source, size_t length) {
    char *copy = take(length + 1);
    memcpy(copy, source, length);
    copy[length] = '\0';
    return copy;
}

void give_all_back(void) {
    while (pieces != NULL) {
        piece *p = pieces;
        pieces = p->next;
        free(p);
    }
}

void append(text *t, const char *bytes, size_t length) {
    if (t->length + length + 1 > t->room) {
        t->room = 2 * (t->length + length) + 64;
        t->bytes = keep(t->bytes, t->room);
    }
    memcpy(t->bytes + t->length, bytes, length);
    t->length += length;
    t->bytes[t->length] = '\0';
}
