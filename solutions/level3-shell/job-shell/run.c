#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builtins.h"
#include "jobs.h"
#include "memory.h"
#include "signals.h"
#include "terminal.h"
#include "variables.h"

static int complain(const char *what) {
    fprintf(stderr, "job-shell: %s: %s\n", what, strerror(errno));
    return 1;
}

/* ---- in a child ---- */

static bool redirect(const redirection *r) {
    for (; r != NULL; r = r->next) {
        char *name = expand(r->word);
        int flags = r->direction == FROM ? O_RDONLY : O_WRONLY | O_CREAT | (r->direction == TO ? O_TRUNC : O_APPEND);
        int fd = open(name != NULL ? name : "", flags | O_CLOEXEC, 0666);
        if (fd < 0) return complain(name), false;
        dup2(fd, r->direction == FROM ? STDIN_FILENO : STDOUT_FILENO);
        close(fd);
    }
    return true;
}

/* How many of the command's words are assignments before the command itself. */
static int assignments_in(const command *c) {
    int n = 0;
    while (n < c->count && name_in(c->words[n]) != NULL) n++;
    return n;
}

static void assign(const command *c, bool export) {
    for (int i = 0; i < assignments_in(c); i++) {
        char *name = name_in(c->words[i]), *value = expand(c->words[i] + strlen(name) + 1);
        set_variable(name, value != NULL ? value : "", export);
    }
}

/* The command's words, expanded; those of them that became nothing are left out. */
static char **words_of(const command *c) {
    char **words = take(sizeof *words * (size_t)(c->count + 1));
    int n = 0;
    for (int i = assignments_in(c); i < c->count; i++) {
        char *word = expand(c->words[i]);
        if (word != NULL) words[n++] = word;
    }
    words[n] = NULL;
    return words;
}

_Noreturn static void become(const command *c) {
    if (!redirect(c->redirections)) _exit(1);
    char **words = words_of(c);
    assign(c, true);
    builtin *known = words[0] != NULL ? find_builtin(words[0]) : nothing;
    if (known != NULL) {
        int status = known(words);
        fflush(stdout);
        _exit(status);
    }
    execvp(words[0], words);
    int status = errno == ENOENT ? 127 : 126;
    if (errno == ENOENT && strchr(words[0], '/') == NULL) fprintf(stderr, "job-shell: %s: not found\n", words[0]);
    else complain(words[0]);
    _exit(status);
}

/* ---- jobs ---- */

/* Where there is no job control, what runs in the background must not take the shell's input. */
static void read_nothing(void) {
    int fd = open("/dev/null", O_RDONLY);
    dup2(fd, STDIN_FILENO);
    close(fd);
}

/* Forks a process of a job. Parent and child both put it into the group and hand the terminal over: whoever comes second finds it done. */
static pid_t fork_into(job *j) {
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0) {
        complain("fork");
        return pid;
    }
    if (pid == 0) {
        if (interactive) {
            setpgid(0, j->group);
            if (j->foreground) give_terminal_to(getpgrp());
        }
        restore_signals();
        if (!interactive && !j->foreground) read_nothing();
        interactive = false;
        return pid;
    }
    add_process(j, pid);
    if (interactive) {
        setpgid(pid, j->group);
        if (j->foreground) give_terminal_to(j->group);
    }
    return pid;
}

static bool start_pipeline(job *j, const command *c) {
    int input = STDIN_FILENO;
    for (; c != NULL; c = c->next) {
        int ends[2] = {-1, -1};
        if (c->next != NULL && pipe2(ends, O_CLOEXEC) < 0) return complain("pipe"), false;
        pid_t pid = fork_into(j);
        if (pid == 0) {
            if (input != STDIN_FILENO) dup2(input, STDIN_FILENO);
            if (ends[1] >= 0) dup2(ends[1], STDOUT_FILENO);
            become(c);
        }
        if (input != STDIN_FILENO) close(input);
        if (ends[1] >= 0) close(ends[1]);
        input = ends[0];
        if (pid < 0) return false;
    }
    return true;
}

/* A builtin alone works in the shell itself; what it is redirected to is taken back afterwards. */
static int run_builtin(const command *c, builtin *known, char **words) {
    int saved[2] = {fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10), fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10)};
    int status = redirect(c->redirections) ? known(words) : 1;
    fflush(stdout);
    for (int fd = 0; fd < 2; fd++) {
        dup2(saved[fd], fd);
        close(saved[fd]);
    }
    return status;
}

static int run_pipeline(const pipeline *p, const char *typed) {
    const command *c = p->commands;
    if (c->next == NULL) {
        char **words = words_of(c);
        builtin *known = words[0] != NULL ? find_builtin(words[0]) : nothing;
        if (known != NULL) {
            assign(c, false);
            return run_builtin(c, known, words);
        }
    }
    job *j = add_job(typed, true);
    start_pipeline(j, c);
    if (j->count > 0) return wait_in_foreground(j);
    remove_job(j);
    return 1;
}

static int run_pipelines(const list *l) {
    int status = last_status;
    for (const pipeline *p = l->pipelines; p != NULL && !interrupted; p = p->next)
        if (p->condition == ALWAYS || (p->condition == IF_GOOD) == (status == 0)) last_status = status = run_pipeline(p, l->text);
    return status;
}

static int run_in_background(const list *l) {
    job *j = add_job(l->text, false);
    if (l->pipelines->next == NULL) {
        start_pipeline(j, l->pipelines->commands);
    } else if (fork_into(j) == 0) {
        /* A shell of its own, without job control: what it starts stays in the group. */
        jobs = NULL;
        catch_signals();
        _exit(run_pipelines(l));
    }
    if (j->count == 0) {
        remove_job(j);
        return 1;
    }
    last_background = j->processes[j->count - 1].pid;
    if (interactive) printf("[%d] %d\n", j->number, (int)last_background);
    return 0;
}

void run_line(const char *line) {
    list *lists;
    if (!parse(line, &lists)) {
        last_status = 2;
        return;
    }
    interrupted = 0;
    for (list *l = lists; l != NULL && !interrupted; l = l->next) last_status = l->background ? run_in_background(l) : run_pipelines(l);
}
