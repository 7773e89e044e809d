#include "signals.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "terminal.h"

volatile sig_atomic_t interrupted, hung_up;

static const int caught[] = {SIGCHLD, SIGHUP, SIGINT, SIGWINCH};
/* Keys and bystanders; SIGTTIN and SIGTTOU because it is the shell that hands the terminal around. */
static const int ignored[] = {SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU};
enum { CAUGHT = sizeof caught / sizeof *caught, IGNORED = sizeof ignored / sizeof *ignored };

static sigset_t before;

static void on_signal(int signal) {
    if (signal == SIGINT) interrupted = 1;
    if (signal == SIGHUP) hung_up = 1;
}

void catch_signals(void) {
    sigset_t blocked;
    sigemptyset(&blocked);
    for (int i = 0; i < CAUGHT; i++) {
        if (!interactive && caught[i] != SIGCHLD) continue;
        sigaction(caught[i], &(struct sigaction){.sa_handler = on_signal}, NULL);
        sigaddset(&blocked, caught[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, &before);
    for (int i = 0; interactive && i < IGNORED; i++) signal(ignored[i], SIG_IGN);
}

void restore_signals(void) {
    for (int i = 0; interactive && i < IGNORED; i++) signal(ignored[i], SIG_DFL);
    for (int i = 0; i < CAUGHT; i++) signal(caught[i], SIG_DFL);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

void wait_for_signal(void) { sigsuspend(&before); }

bool wait_for_input(void) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    return ppoll(&input, 1, NULL, &before) > 0;
}

void die_of(int number) {
    sigset_t all;
    sigfillset(&all);
    signal(number, SIG_DFL);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    exit(128 + number);
}
