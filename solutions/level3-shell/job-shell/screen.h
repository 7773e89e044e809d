/* Shows the line that is being edited, on as many rows as it needs. */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *prompt;
    const char *line;
    size_t length, cursor; /* in bytes */
} view;

/* The first time: at the beginning of an empty row. */
void show(const view *v);
/* Draws all of it anew, from the prompt on. */
void redraw(const view *v);
/* Something has just been added at the end: nothing but that is drawn. */
void draw_added(const char *bytes, size_t length);
/* Goes to the row below the line. */
void go_below(void);
void clear_screen(void);
/* Whether the window has another width than before. */
bool measure(void);

#endif
