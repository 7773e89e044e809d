/* A block is a header, then the payload, then at once the next header: whoever knows a block knows its neighbours.
 *
 *     ┌──────────────┬───────┬───────────────────────────┬──────────────┬───────┬─────
 *     │ size │ flags │ check │ payload                   │ size │ flags │ check │ …
 *     └──────────────┴───────┴───────────────────────────┴──────────────┴───────┴─────
 *       8 bytes        8                                   ▲ the last 8 bytes of a FREE block's payload hold its size again,
 *                                                            so that the next block finds its beginning (Knuth's boundary tags)
 */
#ifndef BLOCK_H
#define BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALIGNMENT 16
/* Two links and the size at the end have to fit into the payload of a free block. */
#define SMALLEST_BLOCK 48

enum {
    USED = 1,          /* it belongs to the program */
    PREVIOUS_FREE = 2, /* the block before it does not, and its size stands right before this header */
    MAPPED = 4,        /* it is a mapping of its own, without neighbours */
    FIRST = 8,         /* nothing comes before it in its region */
    FLAGS = 15,
};

typedef struct block {
    size_t size_and_flags; /* the size counts the header */
    size_t check;          /* a number that only an undamaged header of this very place has */
    struct block *next;    /* links of the free list; payload while the block is used */
    struct block *previous;
} block;

#define HEADER offsetof(block, next)

static inline size_t size_of(const block *b) { return b->size_and_flags & ~(size_t)FLAGS; }
static inline bool has(const block *b, size_t flag) { return (b->size_and_flags & flag) != 0; }
static inline block *at(void *base, size_t offset) { return (block *)((char *)base + offset); }
static inline block *after(block *b) { return at(b, size_of(b)); }
static inline void *payload_of(block *b) { return (char *)b + HEADER; }
static inline block *block_of(void *payload) { return (block *)((char *)payload - HEADER); }

/* Writes a header. */
void label(block *b, size_t size, size_t flags);
/* Adds and removes flags. */
void flag(block *b, size_t add, size_t remove);
/* Ends the program with a message when a header is damaged or the pointer is none of ours. */
void examine(const block *b, const char *what);
_Noreturn void complain(const char *what);

#endif
