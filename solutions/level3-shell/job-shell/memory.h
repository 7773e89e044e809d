/* Memory that lives as long as one command line: taken piece by piece, given back all at once. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

void *take(size_t bytes);
/* A copy of so many bytes, with a zero behind them. */
char *take_text(const char *text, size_t length);
void give_all_back(void);

/* Memory that stays until it is freed. Ends the program where there is none. */
void *keep(void *old, size_t bytes);
char *keep_text(const char *text);

/* Text that grows. `bytes` always ends with a zero; it is NULL before the first append. */
typedef struct {
    char *bytes;
    size_t length, room;
} text;

void append(text *t, const char *bytes, size_t length);

#endif
