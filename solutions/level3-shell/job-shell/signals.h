/* All signals that the shell wants to hear of are blocked but for the moments in which it waits: none can come between a look and a sleep. */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <signal.h>
#include <stdbool.h>

extern volatile sig_atomic_t interrupted, hung_up;

void catch_signals(void);
/* For a child: as if the shell had never touched any. */
void restore_signals(void);
/* Sleeps until a signal has come. */
void wait_for_signal(void);
/* Sleeps until standard input has something to read (true) or a signal has come (false). */
bool wait_for_input(void);
/* Ends the shell as the signal would have, had it not been caught. */
_Noreturn void die_of(int signal);

#endif
