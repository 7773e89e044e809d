/* Free blocks, sorted into lists by size, so that a fitting one is found without looking at all of them. */
#ifndef BINS_H
#define BINS_H

#include "block.h"

void put_in_bin(block *b);
void take_from_bin(block *b);
/* A free block of at least this size, still in its bin; NULL if there is none. */
block *find_in_bins(size_t size);

#endif
