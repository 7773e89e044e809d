/* Variables of the shell, those of them that are given to programs, and what words become with them. */
#ifndef VARIABLES_H
#define VARIABLES_H

#include <stdbool.h>
#include <sys/types.h>

extern int last_status;      /* $? */
extern pid_t last_background; /* $! */

/* NULL when there is no such variable. */
const char *value_of(const char *name);
void set_variable(const char *name, const char *value, bool export);
void export_variable(const char *name);
void unset_variable(const char *name);
/* The name in `NAME=value`; NULL for a word that is none of that form. */
char *name_in(const char *word);

/* A word without its quotes and with its variables filled in. NULL when nothing is left of a word that had no quotes. */
char *expand(const char *word);

#endif
