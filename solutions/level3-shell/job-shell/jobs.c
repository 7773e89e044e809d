#include "jobs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"
#include "signals.h"
#include "terminal.h"

job *jobs;

static unsigned long uses;

job *add_job(const char *text, bool foreground) {
    job **end = &jobs;
    int number = 1;
    for (; *end != NULL; end = &(*end)->next) number = (*end)->number + 1;
    job *j = *end = keep(NULL, sizeof *j);
    *j = (job){.number = number, .text = keep_text(text), .foreground = foreground, .last_used = ++uses};
    return j;
}

void add_process(job *j, pid_t pid) {
    if (j->count == 0 && interactive) j->group = pid;
    j->processes = keep(j->processes, sizeof *j->processes * (size_t)(j->count + 1));
    j->processes[j->count++] = (process){.pid = pid, .state = RUNNING};
}

void remove_job(job *j) {
    job **place = &jobs;
    while (*place != j) place = &(*place)->next;
    *place = j->next;
    free(j->processes);
    free(j->text);
    free(j);
}

state state_of(const job *j) {
    state found = ENDED;
    for (int i = 0; i < j->count; i++) {
        if (j->processes[i].state == RUNNING) return RUNNING;
        if (j->processes[i].state == STOPPED) found = STOPPED;
    }
    return found;
}

int exit_status_of(const job *j) {
    int status = j->processes[j->count - 1].status;
    if (WIFSTOPPED(status)) return 128 + WSTOPSIG(status);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- which job is meant ---- */

static bool goes_before(const job *a, const job *b) {
    bool stopped = state_of(a) == STOPPED;
    if (stopped != (state_of(b) == STOPPED)) return stopped;
    return a->last_used > b->last_used;
}

static job *best_besides(const job *other) {
    job *best = NULL;
    for (job *j = jobs; j != NULL; j = j->next)
        if (j != other && !j->foreground && (best == NULL || goes_before(j, best))) best = j;
    return best;
}

job *current_job(void) { return best_besides(NULL); }

job *previous_job(void) { return best_besides(current_job()); }

job *find_job(const char *operand) {
    const char *name = operand + 1;
    if (*name == '\0' || strcmp(name, "%") == 0 || strcmp(name, "+") == 0) return current_job();
    if (strcmp(name, "-") == 0) return previous_job();
    int number = atoi(name);
    for (job *j = jobs; j != NULL; j = j->next)
        if (number > 0 ? j->number == number : strncmp(j->text, name, strlen(name)) == 0) return j;
    return NULL;
}

/* ---- what becomes of them ---- */

static void note(pid_t pid, int status) {
    for (job *j = jobs; j != NULL; j = j->next)
        for (int i = 0; i < j->count; i++) {
            process *p = &j->processes[i];
            if (p->pid != pid || p->state == ENDED) continue;
            state was = state_of(j);
            p->state = WIFCONTINUED(status) ? RUNNING : WIFSTOPPED(status) ? STOPPED : ENDED;
            if (!WIFCONTINUED(status)) p->status = status;
            if (state_of(j) == was) return;
            j->changed = state_of(j) != RUNNING;
            if (state_of(j) == STOPPED) j->last_used = ++uses;
            return;
        }
}

void reap(void) {
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0;) note(pid, status);
}

static int deadly_signal(const job *j) {
    int status = j->processes[j->count - 1].status;
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

int wait_in_foreground(job *j) {
    while (reap(), state_of(j) == RUNNING && !hung_up) wait_for_signal();
    if (hung_up) hang_up();
    int status = exit_status_of(j), deadly = deadly_signal(j);
    bool stopped = state_of(j) == STOPPED;
    if (interactive) {
        if (stopped) j->modes = terminal_modes();
        j->has_modes = stopped;
        take_terminal_back(!stopped && deadly == 0);
    }
    j->foreground = false;
    if (stopped) {
        putchar('\n');
        return status;
    }
    if (deadly == SIGINT) {
        interrupted = 1;
        putchar('\n');
    } else if (deadly != 0 && deadly != SIGPIPE) printf("%s\n", strsignal(deadly));
    remove_job(j);
    return status;
}

bool wait_in_background(job *j) {
    interrupted = 0;
    while (reap(), state_of(j) == RUNNING && !interrupted && !hung_up) wait_for_signal();
    if (hung_up) hang_up();
    if (interrupted) putchar('\n');
    return !interrupted;
}

void continue_job(job *j, bool foreground) {
    for (int i = 0; i < j->count; i++)
        if (j->processes[i].state == STOPPED) j->processes[i].state = RUNNING;
    j->foreground = foreground;
    j->changed = false;
    if (!foreground) j->last_used = ++uses;
    if (foreground) {
        give_terminal_to(j->group);
        if (j->has_modes) set_terminal_modes(&j->modes);
    }
    kill(-j->group, SIGCONT);
}

/* ---- what is said of them ---- */

void print_job(const job *j) {
    char words[64];
    int status = exit_status_of(j), deadly = deadly_signal(j);
    state now = state_of(j);
    if (now == RUNNING) strcpy(words, "Running");
    else if (now == STOPPED) strcpy(words, "Stopped");
    else if (deadly != 0) snprintf(words, sizeof words, "%s", strsignal(deadly));
    else if (status != 0) snprintf(words, sizeof words, "Done(%d)", status);
    else strcpy(words, "Done");
    char mark = j == current_job() ? '+' : j == previous_job() ? '-' : ' ';
    printf("[%d] %c %-12s %s%s\n", j->number, mark, words, j->text, now == RUNNING ? " &" : "");
}

void report_jobs(void) {
    reap();
    for (job *j = jobs; j != NULL; j = j->next) {
        if (j->changed && interactive) print_job(j);
        j->changed = false;
    }
    for (job *j = jobs, *following; j != NULL; j = following) {
        following = j->next;
        if (state_of(j) == ENDED) remove_job(j);
    }
}

void hang_up(void) {
    for (job *j = jobs; j != NULL; j = j->next) {
        kill(-j->group, SIGHUP);
        kill(-j->group, SIGCONT);
    }
    die_of(SIGHUP);
}
