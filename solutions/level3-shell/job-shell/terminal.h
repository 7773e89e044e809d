/* The terminal: whose turn it is, and in which modes it is. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

extern bool interactive; /* standard input is a terminal: there is a prompt, there is editing, and pipelines are jobs */

/* Waits until the shell is in the foreground, and makes it the leader of its own group. */
void open_terminal(void);
void close_terminal(void);

void give_terminal_to(pid_t group);
/* `keep_modes`: the job ended well, and how it left the terminal (with stty, say) is how it shall be. */
void take_terminal_back(bool keep_modes);

struct termios terminal_modes(void);
void set_terminal_modes(const struct termios *modes);

/* Key by key, without echo, until `leave_raw`. */
void enter_raw(void);
void leave_raw(void);
int terminal_columns(void);

#endif
