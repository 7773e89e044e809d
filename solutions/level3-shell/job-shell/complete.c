#include "complete.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builtins.h"
#include "memory.h"
#include "variables.h"

static const char special[] = " \t\\'\"$&|;<>*?()[]{}!#`~";

char *as_typed(const char *name, size_t length) {
    char *typed = take(2 * length + 1), *end = typed;
    for (size_t i = 0; i < length; i++) {
        if (strchr(special, name[i])) *end++ = '\\';
        *end++ = name[i];
    }
    *end = '\0';
    return typed;
}

typedef struct {
    candidates found;
    size_t room;
    const char *begin; /* of the names that are wanted */
} collection;

static void add(collection *c, const char *name, const char *end) {
    if (strncmp(name, c->begin, strlen(c->begin)) != 0) return;
    candidates *f = &c->found;
    if (f->count == c->room) {
        char **more = take(sizeof *more * (c->room = 2 * c->room + 64));
        if (f->count > 0) memcpy(more, f->names, sizeof *more * f->count);
        f->names = more;
    }
    size_t length = strlen(name);
    char *copy = take_text(name, length + strlen(end));
    strcpy(copy + length, end);
    f->names[f->count++] = copy;
}

static void add_from_folder(collection *c, const char *folder, bool programs) {
    DIR *dir = opendir(folder);
    if (dir == NULL) return;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        const char *name = entry->d_name;
        if ((name[0] == '.' && c->begin[0] != '.') || strncmp(name, c->begin, strlen(c->begin)) != 0) continue;
        struct stat status;
        bool known = fstatat(dirfd(dir), name, &status, 0) == 0;
        bool is_folder = known && S_ISDIR(status.st_mode);
        if (!programs) add(c, name, is_folder ? "/" : "");
        else if (known && !is_folder && (status.st_mode & 0111) != 0) add(c, name, "");
    }
    closedir(dir);
}

static void add_commands(collection *c) {
    for (const char *const *name = builtin_names; *name != NULL; name++) add(c, *name, "");
    const char *path = value_of("PATH");
    for (const char *at = path != NULL ? path : ""; *at != '\0';) {
        size_t length = strcspn(at, ":");
        add_from_folder(c, length > 0 ? take_text(at, length) : ".", true);
        at += length + (at[length] == ':');
    }
}

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void put_in_order(candidates *f) {
    if (f->count == 0) return;
    qsort(f->names, f->count, sizeof *f->names, compare);
    size_t unique = 1;
    for (size_t i = 1; i < f->count; i++)
        if (strcmp(f->names[i], f->names[unique - 1]) != 0) f->names[unique++] = f->names[i];
    f->count = unique;
    /* In order, what the first and the last have in common all have in common. */
    const char *first = f->names[0], *last = f->names[f->count - 1];
    while (first[f->common] != '\0' && first[f->common] == last[f->common]) f->common++;
    while ((first[f->common] & 0xc0) == 0x80) f->common--;
}

/* Where the word at the end of the line begins, and whether it is a command's name. */
static const char *last_word(const char *line, bool *command) {
    const char *word = line;
    *command = true;
    for (bool inside = false; *line != '\0'; line++) {
        if (strchr(" \t|&;<>", *line)) {
            if (strchr("|&;", *line)) *command = true;
            else if (inside || strchr("<>", *line)) *command = false;
            inside = false;
            word = line + 1;
        } else {
            inside = true;
            if (*line == '\\' && line[1] != '\0') line++;
        }
    }
    return word;
}

candidates complete(const char *line) {
    bool command;
    const char *word = expand(last_word(line, &command));
    if (word == NULL) word = "";
    const char *slash = strrchr(word, '/');
    collection c = {.begin = slash != NULL ? slash + 1 : word};
    if (slash != NULL) add_from_folder(&c, slash == word ? "/" : take_text(word, (size_t)(slash - word)), false);
    else if (command) add_commands(&c);
    else add_from_folder(&c, ".", false);
    c.found.typed = strlen(c.begin);
    put_in_order(&c.found);
    return c.found;
}
