/* A command line becomes lists of pipelines of commands. Words keep their quotes until they are expanded. */
#ifndef PARSE_H
#define PARSE_H

#include <stdbool.h>

typedef enum { FROM, TO, ONTO } direction;

typedef struct redirection {
    direction direction;
    char *word;
    struct redirection *next;
} redirection;

typedef struct command {
    char **words; /* ends with NULL */
    int count;
    redirection *redirections;
    struct command *next; /* the one behind `|` */
} command;

/* What stands before a pipeline decides whether it is run. */
typedef enum { ALWAYS, IF_GOOD, IF_BAD } condition;

typedef struct pipeline {
    command *commands;
    condition condition;
    struct pipeline *next; /* the one behind `&&` or `||` */
} pipeline;

typedef struct list {
    pipeline *pipelines;
    bool background;
    char *text; /* as it was typed, for `jobs` */
    struct list *next;
} list;

/* False after a syntax error, which has been reported. An empty line is an empty list. */
bool parse(const char *line, list **result);
bool is_name_char(char c, bool first);

#endif
