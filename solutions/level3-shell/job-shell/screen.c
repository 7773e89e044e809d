#include "screen.h"

#include <stdio.h>
#include <string.h>

#include "terminal.h"

static int columns = 80;
static int cursor_row; /* below the prompt's first row */
static int end_at;     /* so many columns the prompt and the line have together */

bool measure(void) {
    int before = columns;
    columns = terminal_columns();
    return columns != before;
}

/* Columns that a text takes: one for each character, however many bytes it has. */
static int width(const char *bytes, size_t length) {
    int found = 0;
    for (size_t i = 0; i < length; i++) found += (bytes[i] & 0xc0) != 0x80;
    return found;
}

/* A terminal that has filled a row keeps its cursor there until the next character: this makes it go on. */
static void leave_full_row(int position) {
    if (position > 0 && position % columns == 0) fputs(" \r", stdout);
}

static void move_up(int rows) {
    if (rows > 0) printf("\033[%dA", rows);
}

static void draw(const view *v) {
    printf("%s", v->prompt);
    fwrite(v->line, 1, v->length, stdout);
    end_at = width(v->prompt, strlen(v->prompt)) + width(v->line, v->length);
    int at = end_at - width(v->line + v->cursor, v->length - v->cursor);
    leave_full_row(end_at);
    cursor_row = at / columns;
    if (at != end_at) {
        move_up(end_at / columns - cursor_row);
        putchar('\r');
        if (at % columns > 0) printf("\033[%dC", at % columns);
    }
    fflush(stdout);
}

void show(const view *v) {
    measure();
    draw(v);
}

void redraw(const view *v) {
    move_up(cursor_row);
    fputs("\r\033[J", stdout);
    draw(v);
}

void draw_added(const char *bytes, size_t length) {
    fwrite(bytes, 1, length, stdout);
    end_at += width(bytes, length);
    leave_full_row(end_at);
    cursor_row = end_at / columns;
    fflush(stdout);
}

void go_below(void) {
    int rows = end_at / columns - cursor_row;
    if (rows > 0) printf("\033[%dB", rows);
    fputs("\r\n", stdout);
    fflush(stdout);
}

void clear_screen(void) {
    fputs("\033[H\033[2J", stdout);
    cursor_row = 0;
}
