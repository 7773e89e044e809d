/* Reads a line from the terminal, and lets it be edited until Enter. */
#ifndef EDITOR_H
#define EDITOR_H

/* The line, without its newline, until the next call; NULL at the end of the input (Ctrl-D on an empty line). Ctrl-C gives an empty line. */
const char *edit_line(const char *prompt);

#endif
