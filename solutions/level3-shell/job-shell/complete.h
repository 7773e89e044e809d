/* What the word before the cursor can become. */
#ifndef COMPLETE_H
#define COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char **names; /* in order, no two alike */
    size_t count;
    size_t common;   /* so many bytes at their beginning are the same in all */
    size_t typed;    /* so many of those are there already */
} candidates;

/* For a line up to its cursor. All memory is the command line's. */
candidates complete(const char *line);
/* A piece of a name as it has to be typed. */
char *as_typed(const char *name, size_t length);

#endif
