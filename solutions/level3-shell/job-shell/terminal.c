#include "terminal.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool interactive;

static struct termios own_modes; /* what programs find; the editor's are others */
static pid_t own_group, first_group;

struct termios terminal_modes(void) {
    struct termios modes;
    tcgetattr(STDIN_FILENO, &modes);
    return modes;
}

/* Not TCSAFLUSH: what was typed ahead must not get lost. */
void set_terminal_modes(const struct termios *modes) { tcsetattr(STDIN_FILENO, TCSADRAIN, modes); }

void give_terminal_to(pid_t group) { tcsetpgrp(STDIN_FILENO, group); }

void open_terminal(void) {
    interactive = isatty(STDIN_FILENO);
    if (!interactive) return;
    /* Started in the background, it stops here until somebody says `fg`. */
    while (tcgetpgrp(STDIN_FILENO) != (first_group = getpgrp())) kill(0, SIGTTIN);
    setpgid(0, 0);
    own_group = getpgrp();
    signal(SIGTTOU, SIG_IGN);
    give_terminal_to(own_group);
    own_modes = terminal_modes();
}

void close_terminal(void) {
    if (interactive) give_terminal_to(first_group);
}

void take_terminal_back(bool keep_modes) {
    give_terminal_to(own_group);
    if (keep_modes) own_modes = terminal_modes();
    else set_terminal_modes(&own_modes);
}

void enter_raw(void) {
    struct termios raw = own_modes;
    /* ICRNL stays: what is typed ahead here may be for the next program, which counts on newlines. */
    raw.c_iflag &= ~(tcflag_t)(IXON | INLCR | IGNCR);
    raw.c_iflag |= ICRNL;
    raw.c_oflag |= OPOST | ONLCR;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    set_terminal_modes(&raw);
}

void leave_raw(void) { set_terminal_modes(&own_modes); }

int terminal_columns(void) {
    struct winsize size = {0};
    ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
    return size.ws_col > 0 ? size.ws_col : 80;
}
