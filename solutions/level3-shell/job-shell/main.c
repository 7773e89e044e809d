#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "builtins.h"
#include "editor.h"
#include "history.h"
#include "jobs.h"
#include "memory.h"
#include "run.h"
#include "signals.h"
#include "terminal.h"
#include "variables.h"

/* A line of standard input where that is no terminal; byte by byte, since what follows it may be for the programs that it starts. */
static const char *read_line(void) {
    static text line;
    char byte;
    line.length = 0;
    append(&line, "", 0);
    while (read(STDIN_FILENO, &byte, 1) == 1) {
        if (byte == '\n') return line.bytes;
        append(&line, &byte, 1);
    }
    return line.length > 0 ? line.bytes : NULL;
}

static const char *next_line(void) {
    const char *prompt = value_of("PS1");
    return interactive ? edit_line(prompt != NULL ? prompt : "$ ") : read_line();
}

int main(void) {
    open_terminal();
    catch_signals();
    for (;;) {
        report_jobs();
        fflush(stdout);
        const char *line = next_line();
        if (hung_up) hang_up();
        if (line == NULL) {
            leave(last_status);
        } else if (line[strspn(line, " \t")] != '\0') {
            if (interactive) remember(line);
            run_line(line);
        }
        give_all_back();
    }
}
