/* Commands that only the shell itself can carry out. */
#ifndef BUILTINS_H
#define BUILTINS_H

typedef int builtin(char **words);

builtin *find_builtin(const char *name);
extern const char *const builtin_names[]; /* ends with NULL */
builtin nothing;

/* The end of the input, or `exit`: false when stopped jobs speak against it and nobody was warned yet. */
int leave(int status);

#endif
