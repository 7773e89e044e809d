/* What the hidden tests of level5-allocator/malloc have done with the library: each mode prints what it found, line by line. Usage: driver MODE [NUMBER]... */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t state;
static long argument[4];

static uint64_t draw(uint64_t *s) { /* splitmix64 (Steele, Lea and Flood) */
    uint64_t z = (*s += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
static size_t between(uint64_t *s, size_t low, size_t high) { return low + draw(s) % (high - low + 1); }

_Noreturn static void wrong(const char *format, ...) {
    char text[300];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    dprintf(1, "wrong: %.*s\n", length, text);
    _exit(0);
}

static size_t resident(void) {
    char text[100] = "";
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fgets(text, sizeof text, file) == NULL) wrong("/proc/self/statm can not be read");
    fclose(file);
    return strtoul(strchr(text, ' '), NULL, 10) * 4096;
}

/* ---- blocks with a pattern in them ---- */

typedef struct {
    unsigned char *at;
    size_t size;
    unsigned char mark;
} piece;

static void fill(piece *p, unsigned char mark) {
    p->mark = mark;
    for (size_t n = 0; n < p->size; n++) p->at[n] = (unsigned char)(mark + n * 7);
}
static void intact(const piece *p, size_t bytes, const char *when) {
    for (size_t n = 0; n < bytes; n++)
        if (p->at[n] != (unsigned char)(p->mark + n * 7)) wrong("%s, byte %zu of a block of %zu is not what was written there: it overlaps with another block, or was not copied", when, n, p->size);
}
static void sound(void *at, size_t alignment, const char *call, size_t size) {
    if (at == NULL) wrong("%s of %zu bytes gave NULL", call, size);
    if ((uintptr_t)at % alignment != 0) wrong("%s of %zu bytes gave %p, which is no multiple of %zu", call, size, at, alignment);
}
/* Suitable for whatever fits into it (C23, 7.24.3): 16 bytes from 16 bytes on. */
static size_t suitable(size_t size) { return size >= 16 ? 16 : size >= 8 ? 8 : size >= 4 ? 4 : size >= 2 ? 2 : 1; }
static void check_zero(const unsigned char *at, size_t size) {
    for (size_t n = 0; n < size; n++)
        if (at[n] != 0) wrong("byte %zu of what calloc gave (%zu bytes) is %d, not 0", n, size, at[n]);
}

/* One random operation on a slot: what was there is checked and goes, or grows, and something else comes. */
static void operate(piece *p, uint64_t *s, size_t most) {
    size_t size = between(s, 1, between(s, 0, 3) == 0 ? most : most / 20 + 16);
    unsigned char mark = (unsigned char)draw(s);
    if (p->at != NULL) {
        intact(p, p->size, "before free or realloc");
        if (between(s, 0, 3) == 0) {
            piece moved = {realloc(p->at, size), size, p->mark};
            sound(moved.at, suitable(size), "realloc", size);
            intact(&moved, size < p->size ? size : p->size, "after realloc");
            *p = moved;
            fill(p, mark);
            return;
        }
        free(p->at);
        p->at = NULL;
        return;
    }
    p->size = size;
    switch (between(s, 0, 4)) {
    case 0:
        p->at = calloc(1, size);
        sound(p->at, suitable(size), "calloc", size);
        check_zero(p->at, size);
        break;
    case 1: {
        size_t alignment = (size_t)16 << between(s, 0, 8);
        void *at = NULL;
        if (posix_memalign(&at, alignment, size) != 0) wrong("posix_memalign(%zu, %zu) failed", alignment, size);
        sound(at, alignment, "posix_memalign", size);
        p->at = at;
        break;
    }
    default:
        p->at = malloc(size);
        sound(p->at, suitable(size), "malloc", size);
    }
    fill(p, mark);
}

static void operations(uint64_t seed, size_t count, size_t slots, size_t most) {
    piece *table = calloc(slots, sizeof *table);
    for (size_t n = 0; n < count; n++) operate(&table[draw(&seed) % slots], &seed, most);
    for (size_t n = 0; n < slots; n++) {
        if (table[n].at != NULL) intact(&table[n], table[n].size, "at the end");
        free(table[n].at);
    }
    free(table);
}

/* ---- the modes ---- */

static void blocks(void) {
    enum { COUNT = 400 };
    static piece all[COUNT];
    for (int n = 0; n < COUNT; n++) {
        all[n].size = between(&state, 1, 2000);
        all[n].at = malloc(all[n].size);
        sound(all[n].at, 1, "malloc", all[n].size);
        fill(&all[n], (unsigned char)n);
    }
    for (int n = 0; n < COUNT; n++) intact(&all[n], all[n].size, "after others were given");
    for (int n = 0; n < COUNT; n++) free(all[n].at);
}
static void alignment(void) {
    for (int n = 0; n < 3000; n++) {
        size_t size = between(&state, 1, 300);
        sound(malloc(size), suitable(size), "malloc", size);
        sound(calloc(1, size), suitable(size), "calloc", size);
        sound(realloc(malloc(size), size * 3), suitable(size * 3), "realloc", size * 3);
    }
}
static void reuse_zeroed(void) {
    for (int n = 0; n < 2000; n++) {
        size_t size = between(&state, 1, 5000);
        unsigned char *dirty = malloc(size);
        memset(dirty, 0xA5, size);
        free(dirty);
        unsigned char *clean = calloc(size, 1);
        check_zero(clean, size);
        memset(clean, 0x5A, size);
        free(clean);
    }
}
static void resizing(void) {
    enum { COUNT = 400 };
    static void *neighbours[COUNT];
    piece p = {realloc(NULL, 10), 10, 0};
    if (p.at == NULL) wrong("realloc(NULL, 10) gave NULL; it is malloc(10)");
    fill(&p, 3);
    for (int n = 0; n < COUNT; n++) {
        neighbours[n] = malloc(50); /* somebody stands in the way, so that it has to move */
        size_t size = between(&state, 1, n % 20 == 0 ? 50000 : 3000);
        piece moved = {realloc(p.at, size), size, p.mark};
        sound(moved.at, suitable(size), "realloc", size);
        intact(&moved, size < p.size ? size : p.size, "after realloc");
        p = moved;
        fill(&p, (unsigned char)n);
        if (n % 3 == 0) {
            free(p.at);
            p = (piece){malloc(100), 100, 0};
            fill(&p, (unsigned char)n);
        }
    }
    free(p.at);
    for (int n = 0; n < COUNT; n++) free(neighbours[n]);
}
static void nothing(void) {
    free(NULL);
    void *one = malloc(0), *two = malloc(0);
    if (one != NULL && one == two) wrong("malloc(0) gave %p twice: two blocks that are not free have the same address", one);
    free(one);
    free(two);
    if (malloc_usable_size(NULL) != 0) wrong("malloc_usable_size(NULL) is not 0");
    free(calloc(0, 8));
    free(calloc(8, 0));
    void *p = malloc(100);
    sound(p, 16, "malloc", 100);
    p = realloc(p, 0);
    free(p);
}
static void too_much(void) {
    volatile size_t huge = SIZE_MAX - 100, more_than_half = SIZE_MAX / 2 + 2;
    errno = 0;
    if (malloc(huge) != NULL) wrong("malloc(SIZE_MAX - 100) gave memory that can not exist");
    if (errno != ENOMEM) wrong("malloc(SIZE_MAX - 100) gave NULL, but errno is %d, not ENOMEM", errno);
    errno = 0;
    if (calloc(more_than_half, 2) != NULL) wrong("calloc(SIZE_MAX / 2 + 2, 2) gave memory: the product does not fit into size_t");
    if (errno != ENOMEM) wrong("calloc(SIZE_MAX / 2 + 2, 2) gave NULL, but errno is %d, not ENOMEM", errno);
    piece p = {malloc(1000), 1000, 0};
    sound(p.at, 16, "malloc", 1000);
    fill(&p, 9);
    errno = 0;
    if (realloc(p.at, huge) != NULL) wrong("realloc to SIZE_MAX - 100 bytes gave memory that can not exist");
    if (errno != ENOMEM) wrong("realloc to SIZE_MAX - 100 bytes gave NULL, but errno is %d, not ENOMEM", errno);
    intact(&p, 1000, "after a realloc that failed");
    free(p.at);
}
static void aligned(void) {
    for (int n = 0; n < 600; n++) {
        size_t size = between(&state, 1, 9000), by = (size_t)8 << between(&state, 0, 13);
        void *one = NULL;
        if (posix_memalign(&one, by, size) != 0) wrong("posix_memalign(%zu, %zu) failed", by, size);
        piece first = {one, size, 0}, second = {memalign(by, size), size, 0}, third = {aligned_alloc(by, size), size, 0};
        sound(first.at, by, "posix_memalign", size);
        sound(second.at, by, "memalign", size);
        sound(third.at, by, "aligned_alloc", size);
        fill(&first, 1), fill(&second, 2), fill(&third, 3);
        intact(&first, size, "after others were given"), intact(&second, size, "after another was given");
        first.at = realloc(first.at, size + 500);
        intact(&first, size, "after realloc of an aligned block");
        free(first.at), free(second.at), free(third.at);
    }
}
static void bad_alignment(void) {
    void *untouched = &state, *result = untouched;
    if (posix_memalign(&result, 24, 100) != EINVAL) wrong("posix_memalign with alignment 24, no power of two, does not return EINVAL");
    if (posix_memalign(&result, 2, 100) != EINVAL) wrong("posix_memalign with alignment 2, no multiple of sizeof(void *), does not return EINVAL");
    if (result != untouched) wrong("posix_memalign failed, but changed the pointer");
    errno = 77;
    if (posix_memalign(&result, 64, SIZE_MAX - 1000) != ENOMEM) wrong("posix_memalign of SIZE_MAX - 1000 bytes does not return ENOMEM");
}
static void usable(void) {
    enum { COUNT = 300 };
    static piece all[COUNT];
    for (int n = 0; n < COUNT; n++) {
        size_t size = between(&state, 1, 4000);
        all[n].at = malloc(size);
        all[n].size = malloc_usable_size(all[n].at);
        if (all[n].size < size) wrong("malloc_usable_size of a block of %zu bytes is %zu", size, all[n].size);
        fill(&all[n], (unsigned char)n);
    }
    for (int n = 0; n < COUNT; n++) intact(&all[n], all[n].size, "when all usable bytes of all blocks are written");
    for (int n = 0; n < COUNT; n++) free(all[n].at);
}
static void keeps_errno(void) {
    for (int n = 0; n < 40; n++) {
        void *p = malloc(n % 2 ? 500 : 3 << 20);
        errno = 1234;
        free(p);
        if (errno != 1234) wrong("free changed errno to %d", errno);
    }
}
static void same_again(void) {
    for (int n = 0; n < 20000; n++) free(malloc(between(&state, 1, 6000)));
    size_t before = resident();
    for (int n = 0; n < 400000; n++) {
        char *p = malloc(between(&state, 1, 6000));
        *p = 1;
        free(p);
    }
    printf("grew=%ld\n", (long)(resident() - before));
}
/* Small blocks, all given back, must make room for large ones. */
static void coalescing(void) {
    enum { SMALL = 90000, LARGE = 300 };
    static char *small[SMALL], *large[LARGE];
    for (int n = 0; n < SMALL; n++) memset(small[n] = malloc(480), 1, 480);
    size_t full = resident();
    for (int n = 0; n < SMALL; n += 2) free(small[n]);
    for (int n = 1; n < SMALL; n += 2) free(small[n]);
    for (int n = 0; n < LARGE; n++) memset(large[n] = malloc(120000), 1, 120000);
    printf("full=%zu after=%zu\n", full, resident());
    for (int n = 0; n < LARGE; n++) free(large[n]);
}
static void returned(size_t size, size_t count) {
    char **all = malloc(count * sizeof *all);
    size_t before = resident();
    for (size_t n = 0; n < count; n++) memset(all[n] = malloc(size), 1, size);
    size_t full = resident();
    for (size_t n = 0; n < count; n++) free(all[n]);
    printf("before=%zu full=%zu after=%zu\n", before, full, resident());
    free(all);
}
static void untouched(void) {
    size_t before = resident();
    char *p = malloc((size_t)1 << 30);
    sound(p, 16, "malloc", (size_t)1 << 30);
    p[12345] = 1;
    char *q = calloc(1, (size_t)1 << 29);
    sound(q, 16, "calloc", (size_t)1 << 29);
    printf("grew=%ld\n", (long)(resident() - before));
}

/* ---- threads ---- */

enum { SHARED = 64 };
static piece shared[SHARED];
static pthread_mutex_t locks[SHARED];

static void *share(void *own) { /* blocks change hands: who frees is not who allocated */
    uint64_t seed = (uint64_t)(uintptr_t)own * 977 + state;
    for (long n = 0; n < argument[2]; n++) {
        size_t slot = draw(&seed) % SHARED;
        pthread_mutex_lock(&locks[slot]);
        operate(&shared[slot], &seed, 300);
        pthread_mutex_unlock(&locks[slot]);
    }
    return NULL;
}
static void threads(void) {
    pthread_t all[8];
    for (int n = 0; n < SHARED; n++) pthread_mutex_init(&locks[n], NULL);
    for (uintptr_t n = 0; n < (uintptr_t)argument[1]; n++) pthread_create(&all[n], NULL, share, (void *)(n + 1));
    for (int n = 0; n < argument[1]; n++) pthread_join(all[n], NULL);
}
static volatile int stop;
static void *churn(void *own) {
    uint64_t seed = (uintptr_t)own;
    while (!stop) free(malloc(between(&seed, 1, 2000)));
    return NULL;
}
static void forks(void) {
    pthread_t all[3];
    for (uintptr_t n = 0; n < 3; n++) pthread_create(&all[n], NULL, churn, (void *)(n + 1));
    for (int n = 0; n < 150; n++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(10);
            for (int m = 0; m < 50; m++) free(malloc(m * 10));
            _exit(0);
        }
        int status;
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) wrong("a child of fork number %d waited for ever in malloc: another thread held your lock when the process was copied", n);
        if (status != 0) wrong("a child of fork number %d crashed (wait status %d)", n, status);
    }
    stop = 1;
    for (int n = 0; n < 3; n++) pthread_join(all[n], NULL);
}

/* ---- misuse: whoever survives it says so ---- */

static void double_free(void) {
    char *p = malloc(argument[1]), *volatile again = p;
    void *kept = malloc(100);
    free(p);
    free(again);
    free(kept);
    wrong("it went on");
}
static void middle_free(void) {
    char *volatile p = malloc(500);
    memset(p, 0x11, 500);
    free(p + argument[1]);
    wrong("it went on");
}
static void overflow(void) {
    char *all[20];
    for (int n = 0; n < 20; n++) memset(all[n] = malloc(argument[1]), 0x22, argument[1]);
    char *volatile end = all[9] + malloc_usable_size(all[9]);
    memset(end, 0xEE, 16);
    for (int n = 0; n < 20; n++) free(all[n]);
    wrong("it went on");
}

/* ---- figures ---- */

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}
/* Sizes as programs have them: most are small, a few are large. */
static size_t usual_size(uint64_t *s) { return between(s, 1, (size_t)16 << between(s, 0, between(s, 0, 19) == 0 ? 11 : 5)); }

/* slots: how many blocks live at a time; operations. Prints time, the bytes that lived at most, and the memory that took. */
static void figures(void) {
    size_t slots = argument[1], count = argument[2], live = 0, most = 0;
    char **at = calloc(slots, sizeof *at);
    size_t *size = calloc(slots, sizeof *size), before = resident();
    double started = now();
    for (size_t n = 0; n < count; n++) {
        size_t slot = draw(&state) % slots;
        if (at[slot] != NULL) {
            free(at[slot]);
            live -= size[slot];
        }
        size[slot] = usual_size(&state);
        at[slot] = malloc(size[slot]);
        at[slot][0] = at[slot][size[slot] - 1] = 1;
        live += size[slot];
        if (live > most) most = live;
    }
    double ms = now() - started;
    printf("ms=%.1f live=%zu resident=%zu\n", ms, most, resident() - before);
}
int main(int argc, char **argv) {
    Dl_info info;
    const char *mode = argc > 1 ? argv[1] : "";
    for (int n = 2; n < argc && n < 6; n++) argument[n - 2] = strtol(argv[n], NULL, 10);
    state = argument[0];
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("malloc is in %s\n", dladdr((void *)malloc, &info) ? info.dli_fname : "?");
    static const struct { const char *name; void (*run)(void); } modes[] = {
        {"blocks", blocks}, {"alignment", alignment}, {"calloc", reuse_zeroed}, {"realloc", resizing}, {"nothing", nothing}, {"too-much", too_much},
        {"aligned", aligned}, {"bad-alignment", bad_alignment}, {"usable", usable}, {"errno", keeps_errno}, {"again", same_again}, {"coalescing", coalescing},
        {"untouched", untouched}, {"threads", threads}, {"forks", forks}, {"double-free", double_free}, {"middle-free", middle_free}, {"overflow", overflow},
        {"figures", figures},
    };
    for (size_t n = 0; n < sizeof modes / sizeof *modes; n++)
        if (strcmp(mode, modes[n].name) == 0) modes[n].run();
    if (strcmp(mode, "random") == 0) operations(argument[0], argument[1], argument[2], argument[3]);
    if (strcmp(mode, "returned") == 0) returned(argument[1], argument[2]);
    printf("done\n");
}
