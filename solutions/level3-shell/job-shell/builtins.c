#include "builtins.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "history.h"
#include "jobs.h"
#include "signals.h"
#include "terminal.h"
#include "variables.h"

static int complain(const char *command, const char *operand, const char *what) {
    fprintf(stderr, "job-shell: %s: %s: %s\n", command, operand, what);
    return 1;
}

static int cd(char **words) {
    const char *folder = words[1] != NULL ? words[1] : value_of("HOME");
    if (folder == NULL || chdir(folder) < 0) return complain("cd", folder != NULL ? folder : "HOME", strerror(errno));
    return 0;
}

static int export(char **words) {
    for (words++; *words != NULL; words++) {
        char *name = name_in(*words);
        if (name != NULL) set_variable(name, *words + strlen(name) + 1, true);
        else export_variable(*words);
    }
    return 0;
}

static int unset(char **words) {
    while (*++words != NULL) unset_variable(*words);
    return 0;
}

/* ---- jobs ---- */

static int list_jobs(char **words) {
    (void)words;
    reap();
    for (job *j = jobs; j != NULL; j = j->next) {
        if (j->foreground) continue;
        print_job(j);
        j->changed = false;
    }
    report_jobs();
    return 0;
}

/* The job of an operand, the current one where there is none; NULL after a complaint. */
static job *job_of(const char *command, const char *operand) {
    reap();
    job *j = operand != NULL ? find_job(operand) : current_job();
    if (j == NULL) complain(command, operand != NULL ? operand : "current", "no such job");
    return j;
}

static int fg(char **words) {
    if (!interactive) return complain("fg", "here", "no job control");
    job *j = job_of("fg", words[1]);
    if (j == NULL) return 1;
    printf("%s\n", j->text);
    fflush(stdout);
    continue_job(j, true);
    return wait_in_foreground(j);
}

static int bg(char **words) {
    if (!interactive) return complain("bg", "here", "no job control");
    job *j = job_of("bg", words[1]);
    if (j == NULL) return 1;
    continue_job(j, false);
    printf("[%d] %s &\n", j->number, j->text);
    return 0;
}

static job *job_with(pid_t pid) {
    for (job *j = jobs; j != NULL; j = j->next)
        for (int i = 0; i < j->count; i++)
            if (j->processes[i].pid == pid) return j;
    return NULL;
}

static int wait_for(char **words) {
    int status = 0;
    if (words[1] == NULL) {
        for (job *j = jobs, *following; j != NULL; j = following) {
            following = j->next;
            if (j->foreground) continue;
            if (!wait_in_background(j)) return 128 + SIGINT;
        }
        return 0;
    }
    while (*++words != NULL) {
        job *j = **words == '%' ? find_job(*words) : job_with((pid_t)atoi(*words));
        if (j == NULL) {
            status = 127;
            continue;
        }
        if (!wait_in_background(j)) return 128 + SIGINT;
        status = exit_status_of(j);
        if (state_of(j) == ENDED) remove_job(j);
    }
    return status;
}

static int signal_called(const char *name) {
    if (isdigit((unsigned char)*name)) return atoi(name);
    if (strncmp(name, "SIG", 3) == 0) name += 3;
    for (int n = 1; n < NSIG; n++)
        if (sigabbrev_np(n) != NULL && strcmp(sigabbrev_np(n), name) == 0) return n;
    return -1;
}

static bool send(int signal, const char *operand) {
    if (*operand != '%') return kill((pid_t)atoi(operand), signal) == 0;
    job *j = find_job(operand);
    if (j == NULL) {
        errno = ESRCH;
        return false;
    }
    bool stopped = state_of(j) == STOPPED;
    if (kill(-j->group, signal) < 0) return false;
    /* A stopped process can not die of what it does not get to see. */
    if (stopped && (signal == SIGTERM || signal == SIGHUP)) kill(-j->group, SIGCONT);
    return true;
}

static int kill_jobs(char **words) {
    int signal = SIGTERM, status = 0;
    if (words[1] != NULL && words[1][0] == '-') {
        signal = signal_called(words[1] + 1);
        words++;
    }
    if (signal < 0) return complain("kill", *words, "no such signal");
    while (*++words != NULL)
        if (!send(signal, *words)) status = complain("kill", *words, strerror(errno));
    return status;
}

static int show_history(char **words) {
    (void)words;
    for (size_t n = 0; n < history_length(); n++) printf("%5zu  %s\n", n + 1, history_line(n));
    return 0;
}

/* ---- the end ---- */

static bool warned;

int leave(int status) {
    bool stopped = false;
    for (job *j = jobs; j != NULL; j = j->next) stopped |= state_of(j) == STOPPED;
    if (interactive && stopped && !warned) {
        fputs("job-shell: there are stopped jobs\n", stderr);
        warned = true;
        return 1;
    }
    fflush(stdout);
    close_terminal();
    exit(status);
}

static int leave_with(char **words) { return leave(words[1] != NULL ? atoi(words[1]) & 255 : last_status); }

/* ---- all of them ---- */

int nothing(char **words) {
    (void)words;
    return 0;
}

const char *const builtin_names[] = {"bg", "cd", "exit", "export", "fg", "history", "jobs", "kill", "unset", "wait", NULL};
static builtin *const functions[] = {bg, cd, leave_with, export, fg, show_history, list_jobs, kill_jobs, unset, wait_for};

builtin *find_builtin(const char *name) {
    builtin *found = NULL;
    for (int n = 0; builtin_names[n] != NULL; n++)
        if (strcmp(builtin_names[n], name) == 0) found = functions[n];
    /* A second `exit` leaves, but only right after the first. */
    if (found != leave_with) warned = false;
    return found;
}
