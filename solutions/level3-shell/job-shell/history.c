#include "history.h"

#include "memory.h"

static char **lines;
static size_t length, room;

void remember(const char *line) {
    if (length == room) lines = keep(lines, sizeof *lines * (room = 2 * room + 64));
    lines[length++] = keep_text(line);
}

size_t history_length(void) { return length; }

const char *history_line(size_t n) { return lines[n]; }
