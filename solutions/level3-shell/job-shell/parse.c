#include "parse.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"

/* `kind` is the operator's character, doubled ones in upper half; 'w' for a word, 0 for the end, '?' for an unclosed quote. */
enum { WORD = 'w', AND = 256 + '&', OR = 256 + '|', APPEND = 256 + '>' };

typedef struct {
    const char *at; /* what comes after the token */
    int kind;
    const char *start;
    const char *last; /* where the token before ended */
} scanner;

bool is_name_char(char c, bool first) { return c == '_' || (first ? isalpha((unsigned char)c) : isalnum((unsigned char)c)); }

/* The end of a word that begins here; NULL when a quote in it is not closed. */
static const char *end_of_word(const char *at) {
    for (char quote = 0; *at != '\0'; at++) {
        if (quote == 0 && strchr(" \t|&;<>", *at)) return at;
        if (*at == '\\' && quote != '\'') {
            if (*++at == '\0') return NULL;
        } else if (quote != 0 ? *at == quote : *at == '\'' || *at == '"') {
            quote = quote != 0 ? 0 : *at;
        }
        if (at[1] == '\0' && quote != 0) return NULL;
    }
    return at;
}

static void next(scanner *s) {
    s->last = s->at;
    while (*s->at == ' ' || *s->at == '\t') s->at++;
    s->start = s->at;
    if (*s->at == '\0') {
        s->kind = 0;
    } else if (strchr("|&;<>", *s->at)) {
        bool twice = s->at[1] == *s->at && strchr("|&>", *s->at);
        s->kind = *s->at + (twice ? 256 : 0);
        s->at += twice ? 2 : 1;
    } else {
        const char *end = end_of_word(s->at);
        s->kind = end != NULL ? WORD : '?';
        s->at = end != NULL ? end : s->at + strlen(s->at);
    }
}

static bool unexpected(const scanner *s) {
    if (s->kind == 0) fputs("job-shell: syntax error: the line ends too early\n", stderr);
    else if (s->kind == '?') fputs("job-shell: syntax error: a quote is not closed\n", stderr);
    else fprintf(stderr, "job-shell: syntax error near %.*s\n", (int)(s->at - s->start), s->start);
    return false;
}

static char *word_of(const scanner *s) { return take_text(s->start, (size_t)(s->at - s->start)); }

static bool parse_command(scanner *s, command **result) {
    command *c = *result = take(sizeof *c);
    *c = (command){0};
    redirection **end = &c->redirections;
    int room = 0;
    for (;; next(s)) {
        if (s->kind == WORD) {
            if (c->count + 1 >= room) {
                char **more = take(sizeof *more * (size_t)(room = 2 * room + 8));
                if (c->count > 0) memcpy(more, c->words, sizeof *more * (size_t)c->count);
                c->words = more;
            }
            c->words[c->count++] = word_of(s);
            c->words[c->count] = NULL;
        } else if (s->kind == '<' || s->kind == '>' || s->kind == APPEND) {
            redirection *r = *end = take(sizeof *r);
            *r = (redirection){.direction = s->kind == '<' ? FROM : s->kind == '>' ? TO : ONTO};
            end = &r->next;
            next(s);
            if (s->kind != WORD) return unexpected(s);
            r->word = word_of(s);
        } else {
            return c->count > 0 || c->redirections != NULL || unexpected(s);
        }
    }
}

static bool parse_pipeline(scanner *s, pipeline **result, condition condition) {
    pipeline *p = *result = take(sizeof *p);
    *p = (pipeline){.condition = condition};
    for (command **end = &p->commands;; end = &(*end)->next) {
        if (!parse_command(s, end)) return false;
        if (s->kind != '|') return true;
        next(s);
    }
}

static bool parse_list(scanner *s, list **result) {
    list *l = *result = take(sizeof *l);
    *l = (list){0};
    const char *start = s->start;
    condition condition = ALWAYS;
    for (pipeline **end = &l->pipelines;; end = &(*end)->next) {
        if (!parse_pipeline(s, end, condition)) return false;
        if (s->kind != AND && s->kind != OR) break;
        condition = s->kind == AND ? IF_GOOD : IF_BAD;
        next(s);
    }
    l->text = take_text(start, (size_t)(s->last - start));
    l->background = s->kind == '&';
    if (s->kind == '&' || s->kind == ';') next(s);
    else if (s->kind != 0) return unexpected(s);
    return true;
}

bool parse(const char *line, list **result) {
    scanner s = {.at = line};
    *result = NULL;
    next(&s);
    for (list **end = result; s.kind != 0; end = &(*end)->next)
        if (!parse_list(&s, end)) return false;
    return true;
}
