#ifndef RUN_H
#define RUN_H

#include "parse.h"

/* Runs what was typed; `$?` tells what came of it. */
void run_line(const char *line);

#endif
