#include "variables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "parse.h"

int last_status;
pid_t last_background;

/* Those that programs do not get to see; the others are in the environment. */
typedef struct variable {
    char *name, *value;
    struct variable *next;
} variable;

static variable *own;

static variable **find(const char *name) {
    variable **v = &own;
    while (*v != NULL && strcmp((*v)->name, name) != 0) v = &(*v)->next;
    return v;
}

const char *value_of(const char *name) {
    variable *v = *find(name);
    return v != NULL ? v->value : getenv(name);
}

void unset_variable(const char *name) {
    variable **place = find(name), *v = *place;
    unsetenv(name);
    if (v == NULL) return;
    *place = v->next;
    free(v->name);
    free(v->value);
    free(v);
}

static size_t name_length(const char *word) {
    size_t n = 0;
    while (is_name_char(word[n], n == 0)) n++;
    return n;
}

char *name_in(const char *word) {
    size_t length = name_length(word);
    return length > 0 && word[length] == '=' ? take_text(word, length) : NULL;
}

void set_variable(const char *name, const char *value, bool export) {
    bool seen = export || getenv(name) != NULL;
    unset_variable(name);
    if (seen) {
        setenv(name, value, 1);
        return;
    }
    variable *v = keep(NULL, sizeof *v);
    *v = (variable){keep_text(name), keep_text(value), own};
    own = v;
}

void export_variable(const char *name) {
    const char *value = value_of(name);
    if (value != NULL) set_variable(name, take_text(value, strlen(value)), true);
}

/* Appends the value of what follows a `$`. @returns what comes after it. */
static const char *fill_in(text *t, const char *at) {
    char number[24];
    const char *value = NULL;
    if (*at == '?' || *at == '$' || *at == '!') {
        snprintf(number, sizeof number, "%ld", *at == '?' ? (long)last_status : *at == '$' ? (long)getpid() : (long)last_background);
        value = number;
        at++;
    } else {
        bool braces = *at == '{';
        size_t length = name_length(at + braces);
        if (length == 0 || (braces && at[1 + length] != '}')) {
            append(t, "$", 1);
            return at;
        }
        value = value_of(take_text(at + braces, length));
        at += length + (braces ? 2 : 0);
    }
    if (value != NULL) append(t, value, strlen(value));
    return at;
}

char *expand(const char *word) {
    text t = {0};
    bool quoted = false;
    append(&t, "", 0);
    for (char quote = 0; *word != '\0';) {
        if (*word == '$' && quote != '\'') {
            word = fill_in(&t, word + 1);
        } else if (quote != 0 ? *word == quote : *word == '\'' || *word == '"') {
            quote = quote != 0 ? 0 : *word;
            quoted = true;
            word++;
        } else if (*word == '\\' && (quote == 0 || (quote == '"' && strchr("\\\"$`", word[1])))) {
            append(&t, word + 1, 1);
            quoted = true;
            word += 2;
        } else {
            append(&t, word++, 1);
        }
    }
    char *result = t.length > 0 || quoted ? take_text(t.bytes, t.length) : NULL;
    free(t.bytes);
    return result;
}
