#include "bins.h"

/* Up to 1 KiB each size has a bin of its own; above, each power of two is divided into four. */
enum { EXACT = 64, STEPS = 4, BINS = 192 };

static block *bins[BINS];
static uint64_t filled[BINS / 64]; /* one bit a bin: has it any block? */

static unsigned bin_of(size_t size) {
    if (size < EXACT * ALIGNMENT) return size / ALIGNMENT;
    unsigned power = 63 - __builtin_clzll(size); /* at least 10 */
    unsigned step = (size >> (power - 2)) & (STEPS - 1);
    unsigned bin = EXACT + (power - 10) * STEPS + step;
    return bin < BINS ? bin : BINS - 1;
}

void put_in_bin(block *b) {
    unsigned bin = bin_of(size_of(b));
    b->previous = NULL;
    b->next = bins[bin];
    if (b->next != NULL) b->next->previous = b;
    bins[bin] = b;
    filled[bin / 64] |= (uint64_t)1 << bin % 64;
}

void take_from_bin(block *b) {
    unsigned bin = bin_of(size_of(b));
    if (b->next != NULL) b->next->previous = b->previous;
    if (b->previous != NULL) b->previous->next = b->next;
    else bins[bin] = b->next;
    if (bins[bin] == NULL) filled[bin / 64] &= ~((uint64_t)1 << bin % 64);
}

static unsigned next_filled(unsigned bin) {
    for (; bin < BINS; bin = (bin / 64 + 1) * 64) {
        uint64_t rest = filled[bin / 64] >> bin % 64;
        if (rest != 0) return bin + __builtin_ctzll(rest);
    }
    return BINS;
}

block *find_in_bins(size_t size) {
    /* Its own bin may also hold smaller ones; look at a few, for a long list of misfits must not cost time. */
    unsigned bin = bin_of(size);
    int looks = 0;
    for (block *b = bins[bin]; b != NULL && looks < 16; b = b->next, looks++)
        if (size_of(b) >= size) return b;
    bin = next_filled(bin + 1);
    return bin < BINS ? bins[bin] : NULL;
}
