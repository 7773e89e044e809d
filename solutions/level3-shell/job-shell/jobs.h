/* The jobs: each a pipeline (or a list in the background), whose processes form a group. */
#ifndef JOBS_H
#define JOBS_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

typedef enum { RUNNING, STOPPED, ENDED } state;

typedef struct {
    pid_t pid;
    state state;
    int status; /* as waitpid gives it */
} process;

typedef struct job {
    int number;
    pid_t group; /* 0 where there is no job control */
    process *processes;
    int count;
    char *text;
    bool foreground;
    bool changed;            /* stopped or ended, and the user was not told yet */
    unsigned long last_used; /* when it was stopped or sent to the background */
    struct termios modes;    /* of the terminal when it was stopped in the foreground */
    bool has_modes;
    struct job *next;
} job;

extern job *jobs; /* in the order of their numbers */

job *add_job(const char *text, bool foreground);
void add_process(job *j, pid_t pid);
void remove_job(job *j);

state state_of(const job *j);
/* As `$?` gives it: of its last process. */
int exit_status_of(const job *j);

/* The current job is `%+`, the one that stopped last, or else the one that came last to the background; `%-` is the one after it. NULL when there is none. */
job *current_job(void);
job *previous_job(void);
/* By `%3`, `%+`, `%-`, `%%` or `%beginning`. */
job *find_job(const char *operand);

/* Notes what became of children, without waiting. */
void reap(void);
/* Waits until the job does not run any more, with the terminal. @returns its status, or that of its being stopped. */
int wait_in_foreground(job *j);
/* Waits for its end where it is; false when Ctrl-C came first. */
bool wait_in_background(job *j);
void continue_job(job *j, bool foreground);

void print_job(const job *j);
/* Tells of what changed in the background, and forgets what has ended. */
void report_jobs(void);
/* The terminal has gone away: all jobs are told, and the shell ends. */
_Noreturn void hang_up(void);

#endif
