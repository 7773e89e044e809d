/* Blocks for the program, in regions that the kernel gives. Whoever calls holds the lock. */
#ifndef HEAP_H
#define HEAP_H

#include "block.h"

/* A used block whose payload has at least so many bytes; NULL when the kernel has no more. */
block *take(size_t bytes);
/* The same, with a payload whose address is a multiple of a power of two. */
block *take_aligned(size_t bytes, size_t alignment);
void give_back(block *b);
/* Makes a block larger or smaller where it is. False when it can not become so large there. */
bool resize_in_place(block *b, size_t bytes);

#endif
