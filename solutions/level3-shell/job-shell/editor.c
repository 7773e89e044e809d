#include "editor.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "complete.h"
#include "history.h"
#include "jobs.h"
#include "memory.h"
#include "screen.h"
#include "signals.h"
#include "terminal.h"

enum { UP = 256, DOWN, RIGHT, LEFT, HOME, END, DELETE, OTHER, GONE, RESIZED };
enum { TAB = '\t', ENTER = '\n', ESCAPE = 27, BACKSPACE = 127 };

static text line;
static size_t cursor;
static size_t place; /* in the history; its length is the line that is being typed */
static char *typed;  /* that line, while another is shown */
static const char *prompt;

static view seen(void) { return (view){prompt, line.bytes, line.length, cursor}; }

static void redraw_line(void) {
    view v = seen();
    redraw(&v);
}

/* ---- keys ---- */

/* A byte of the input. The terminal is read byte by byte: what follows Enter may be for the next program. */
static int next_byte(void) {
    for (;;) {
        if (wait_for_input()) {
            unsigned char byte;
            if (read(STDIN_FILENO, &byte, 1) == 1) return byte;
            /* No Ctrl-D comes this way: there is no terminal any more, and SIGHUP is on its way. */
            hung_up = 1;
        }
        reap();
        if (hung_up) return GONE;
        if (measure()) return RESIZED;
    }
}

/* What follows ESC: `[A`, `OA` or `[3~`. */
static int escaped_key(void) {
    int byte = next_byte();
    if (byte != '[' && byte != 'O') return byte == GONE ? GONE : OTHER;
    int number = 0;
    while ((byte = next_byte()) < 256 && byte < '@') number = 10 * number + (byte - '0');
    switch (byte) {
        case 'A': return UP;
        case 'B': return DOWN;
        case 'C': return RIGHT;
        case 'D': return LEFT;
        case 'H': return HOME;
        case 'F': return END;
        case '~': return number == 3 ? DELETE : number == 1 || number == 7 ? HOME : number == 4 || number == 8 ? END : OTHER;
        default: return byte == GONE ? GONE : OTHER;
    }
}

static int next_key(void) {
    int byte = next_byte();
    return byte == ESCAPE ? escaped_key() : byte;
}

/* ---- the line ---- */

static bool continues(size_t at) { return at < line.length && (line.bytes[at] & 0xc0) == 0x80; }

static size_t before(size_t at) {
    if (at > 0) at--;
    while (at > 0 && continues(at)) at--;
    return at;
}

static size_t after(size_t at) {
    if (at < line.length) at++;
    while (continues(at)) at++;
    return at;
}

static void erase(size_t from, size_t to) {
    memmove(line.bytes + from, line.bytes + to, line.length - to + 1);
    line.length -= to - from;
    cursor = from;
    redraw_line();
}

static void insert(const char *bytes, size_t length) {
    append(&line, bytes, length);
    memmove(line.bytes + cursor + length, line.bytes + cursor, line.length - cursor - length);
    memcpy(line.bytes + cursor, bytes, length);
    cursor += length;
    if (cursor < line.length) {
        redraw_line();
        return;
    }
    draw_added(bytes, length);
}

/* A key that stands for itself. Characters of several bytes are drawn whole. */
static void insert_character(int first) {
    char bytes[4] = {(char)first};
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    for (size_t n = 1; n < length; n++) bytes[n] = (char)next_byte();
    insert(bytes, length);
}

static void move_to(size_t at) {
    cursor = at;
    redraw_line();
}

static void replace(const char *with) {
    line.length = 0;
    append(&line, with, strlen(with));
    move_to(line.length);
}

static size_t word_before(size_t at) {
    while (at > 0 && line.bytes[at - 1] == ' ') at--;
    while (at > 0 && line.bytes[at - 1] != ' ') at--;
    return at;
}

/* ---- history ---- */

static void go_to(size_t to) {
    if (place == history_length()) {
        free(typed);
        typed = keep_text(line.bytes);
    }
    place = to;
    replace(place < history_length() ? history_line(place) : typed);
}

/* The newest line before a place that holds the text; the number of lines when there is none. */
static size_t found_before(size_t from, const char *wanted) {
    while (from-- > 0)
        if (strstr(history_line(from), wanted) != NULL) return from;
    return history_length();
}

/* Ctrl-R: what is typed is looked for; any other key ends the search, and does what it does. @returns that key. */
static int search(void) {
    const char *own = prompt;
    text wanted = {0};
    append(&wanted, "", 0);
    size_t at = history_length();
    int key;
    for (prompt = "(search) ", redraw_line();; redraw_line()) {
        key = next_key();
        if (key == CTRL('R')) {
            size_t older = found_before(at, wanted.bytes);
            if (older < history_length()) at = older;
        } else if (key >= ' ' && key < 256 && key != BACKSPACE) {
            append(&wanted, &(char){(char)key}, 1);
            at = found_before(at < history_length() ? at + 1 : at, wanted.bytes);
        } else if (key != RESIZED) {
            break;
        }
        if (at < history_length()) replace(history_line(at));
    }
    free(wanted.bytes);
    prompt = own;
    redraw_line();
    return key;
}

/* ---- completion ---- */

static void list_names(const candidates *c) {
    go_below();
    size_t widest = 0;
    for (size_t i = 0; i < c->count; i++)
        if (strlen(c->names[i]) > widest) widest = strlen(c->names[i]);
    size_t columns = (size_t)terminal_columns() / (widest + 2);
    if (columns == 0) columns = 1;
    for (size_t i = 0; i < c->count; i++) {
        bool last = i % columns == columns - 1 || i == c->count - 1;
        if (last) printf("%s\r\n", c->names[i]);
        else printf("%-*s", (int)widest + 2, c->names[i]);
    }
    view v = seen();
    show(&v);
}

static void complete_word(bool again) {
    candidates c = complete(take_text(line.bytes, cursor));
    if (c.count == 0) return;
    const char *name = c.names[0];
    if (c.common > c.typed) {
        const char *rest = as_typed(name + c.typed, c.common - c.typed);
        insert(rest, strlen(rest));
    } else if (c.count > 1 && again) {
        list_names(&c);
    }
    if (c.count == 1 && name[strlen(name) - 1] != '/') insert(" ", 1);
}

/* ---- */

typedef enum { GOING_ON, ENTERED, INTERRUPTED, AT_END } progress;

static progress act(int key, int last) {
    switch (key) {
        case '\r':
        case ENTER: return ENTERED;
        case GONE: return AT_END;
        case CTRL('C'):
            move_to(line.length);
            fputs("^C", stdout);
            return INTERRUPTED;
        case CTRL('D'):
            if (line.length == 0) return AT_END;
            /* fall through */
        case DELETE: erase(cursor, after(cursor)); break;
        case BACKSPACE:
        case CTRL('H'): erase(before(cursor), cursor); break;
        case CTRL('U'): erase(0, cursor); break;
        case CTRL('K'): erase(cursor, line.length); break;
        case CTRL('W'): erase(word_before(cursor), cursor); break;
        case LEFT:
        case CTRL('B'): move_to(before(cursor)); break;
        case RIGHT:
        case CTRL('F'): move_to(after(cursor)); break;
        case HOME:
        case CTRL('A'): move_to(0); break;
        case END:
        case CTRL('E'): move_to(line.length); break;
        case UP:
        case CTRL('P'):
            if (place > 0) go_to(place - 1);
            break;
        case DOWN:
        case CTRL('N'):
            if (place < history_length()) go_to(place + 1);
            break;
        case CTRL('L'): clear_screen(); /* fall through */
        case RESIZED: redraw_line(); break;
        case TAB: complete_word(last == TAB); break;
        default:
            if (key >= ' ' && key < 256) insert_character(key);
    }
    return GOING_ON;
}

const char *edit_line(const char *with) {
    prompt = with;
    line.length = cursor = 0;
    append(&line, "", 0);
    place = history_length();
    enter_raw();
    view v = seen();
    show(&v);
    progress now = GOING_ON;
    for (int last = 0; now == GOING_ON;) {
        int key = next_key();
        if (key == CTRL('R')) key = search();
        now = act(key, last);
        last = key;
    }
    go_below();
    leave_raw();
    if (now == AT_END) return NULL;
    return now == ENTERED ? line.bytes : "";
}
