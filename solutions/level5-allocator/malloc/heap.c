#include "heap.h"

#include <sys/mman.h>

#include "bins.h"

enum { PAGE = 4096, REGION = 1 << 20 };
/* From here on a block is a mapping of its own, and goes back to the kernel as soon as it is free. */
static const size_t LARGE = 256 << 10;
/* No address space is larger; beyond it sums of sizes could overflow. */
static const size_t LIMIT = (size_t)1 << 47;

static size_t round_up(size_t n, size_t unit) { return (n + unit - 1) & ~(unit - 1); }

static void *map(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static size_t block_size_for(size_t bytes) {
    size_t size = round_up(bytes + HEADER, ALIGNMENT);
    return size < SMALLEST_BLOCK ? SMALLEST_BLOCK : size;
}

/* ---- regions: many blocks in one mapping, the last of them a header without payload that is always used ---- */

typedef struct {
    size_t size;
    size_t unused; /* keeps what follows aligned */
} region;

static size_t spare; /* bytes in regions that are all free: one is kept, so that going up and down by one block does not map and unmap */

static void set_free(block *b, size_t size, size_t first) {
    label(b, size, first);
    *(size_t *)((char *)b + size - sizeof(size_t)) = size;
    flag(after(b), PREVIOUS_FREE, 0);
    put_in_bin(b);
}

static bool add_region(size_t size) {
    size_t whole = round_up(sizeof(region) + size + HEADER, size < REGION / 2 ? REGION : PAGE);
    region *r = map(whole);
    if (r == NULL) return false;
    r->size = whole;
    block *first = at(r, sizeof *r);
    size_t inside = whole - sizeof *r - HEADER;
    label(at(first, inside), 0, USED);
    set_free(first, inside, FIRST);
    spare += inside;
    return true;
}

/* The region that a free block fills all by itself; NULL if there is something else in it. */
static region *filled_by(block *b) {
    if (!has(b, FIRST) || size_of(after(b)) != 0) return NULL;
    return (region *)((char *)b - sizeof(region));
}

/* ---- free and used ---- */

/* Uses the front of a free block, and leaves the rest free. */
static block *use(block *b, size_t size) {
    take_from_bin(b);
    size_t whole = size_of(b);
    if (filled_by(b) != NULL) spare -= whole;
    size_t kept = b->size_and_flags & FIRST;
    if (whole - size >= SMALLEST_BLOCK) {
        label(b, size, USED | kept);
        set_free(after(b), whole - size, 0);
    } else {
        label(b, whole, USED | kept);
        flag(after(b), 0, PREVIOUS_FREE);
    }
    return b;
}

/* Joins a block that is not used any more with free neighbours. */
static void release(block *b) {
    size_t size = size_of(b);
    block *next = after(b);
    if (!has(next, USED)) {
        take_from_bin(next);
        size += size_of(next);
    }
    if (has(b, PREVIOUS_FREE)) {
        size_t before = *((size_t *)b - 1);
        b = (block *)((char *)b - before);
        examine(b, "a free block was written to");
        take_from_bin(b);
        size += before;
    }
    set_free(b, size, b->size_and_flags & FIRST);
    region *r = filled_by(b);
    if (r == NULL) return;
    if (spare > 0) {
        take_from_bin(b);
        munmap(r, r->size);
    } else {
        spare += size;
    }
}

/* ---- large blocks ---- */

/* A mapping whose payload is aligned; `size_and_flags` holds what lies behind the start of the block. The word before it tells how far the mapping begins before that. */
static block *take_mapping(size_t bytes, size_t alignment) {
    size_t lead = round_up(HEADER + sizeof(size_t), alignment) - HEADER;
    size_t spread = alignment > PAGE ? alignment : 0;
    size_t whole = round_up(lead + HEADER + bytes, PAGE) + spread;
    char *memory = map(whole);
    if (memory == NULL) return NULL;
    char *payload = (char *)round_up((size_t)memory + lead + HEADER, alignment);
    block *b = block_of(payload);
    *((size_t *)b - 1) = (size_t)((char *)b - memory);
    label(b, (size_t)(memory + whole - (char *)b) & ~(size_t)FLAGS, USED | MAPPED);
    return b;
}

static void give_back_mapping(block *b) {
    size_t lead = *((size_t *)b - 1);
    munmap((char *)b - lead, lead + size_of(b));
}

/* ---- what others see ---- */

block *take(size_t bytes) {
    if (bytes > LIMIT) return NULL;
    if (bytes >= LARGE) return take_mapping(bytes, ALIGNMENT);
    size_t size = block_size_for(bytes);
    block *b = find_in_bins(size);
    if (b == NULL && add_region(size)) b = find_in_bins(size);
    return b == NULL ? NULL : use(b, size);
}

block *take_aligned(size_t bytes, size_t alignment) {
    if (bytes > LIMIT || alignment > LIMIT) return NULL;
    if (alignment <= ALIGNMENT) return take(bytes);
    if (bytes + alignment >= LARGE) return take_mapping(bytes, alignment);
    block *b = take(bytes + alignment + SMALLEST_BLOCK);
    if (b == NULL) return NULL;
    /* Cut the front off, so that the payload begins where it must; the front has to be large enough to be a block of its own. */
    size_t start = (size_t)payload_of(b);
    size_t lead = round_up(start, alignment) - start;
    if (lead > 0) {
        if (lead < SMALLEST_BLOCK) lead += alignment < SMALLEST_BLOCK ? round_up(SMALLEST_BLOCK - lead, alignment) : alignment;
        block *front = b;
        b = at(front, lead);
        label(b, size_of(front) - lead, USED);
        label(front, lead, front->size_and_flags & FLAGS);
        release(front);
    }
    resize_in_place(b, bytes);
    return b;
}

void give_back(block *b) {
    if (has(b, MAPPED)) give_back_mapping(b);
    else release(b);
}

bool resize_in_place(block *b, size_t bytes) {
    if (has(b, MAPPED)) return bytes >= LARGE && bytes + HEADER <= size_of(b);
    if (bytes >= LARGE) return false;
    size_t size = block_size_for(bytes);
    block *next = after(b);
    if (size > size_of(b) && !has(next, USED) && size <= size_of(b) + size_of(next)) {
        take_from_bin(next);
        label(b, size_of(b) + size_of(next), b->size_and_flags & FLAGS);
        flag(after(b), 0, PREVIOUS_FREE);
    }
    if (size > size_of(b)) return false;
    size_t rest = size_of(b) - size;
    if (rest >= SMALLEST_BLOCK) {
        label(b, size, b->size_and_flags & FLAGS);
        label(after(b), rest, USED);
        release(after(b));
    }
    return true;
}
