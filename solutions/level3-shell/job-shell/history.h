/* The lines that were typed, oldest first. */
#ifndef HISTORY_H
#define HISTORY_H

#include <stddef.h>

void remember(const char *line);
size_t history_length(void);
const char *history_line(size_t n);

#endif
