/* The functions that programs call. One lock guards the heap; what comes from the program is examined before it is believed. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "heap.h"

#define PUBLIC __attribute__((visibility("default")))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A child has only the thread that called fork: nobody else could ever let go of the lock. */
static void before_fork(void) { pthread_mutex_lock(&lock); }
static void after_fork(void) { pthread_mutex_unlock(&lock); }
__attribute__((constructor)) static void prepare_for_fork(void) { pthread_atfork(before_fork, after_fork, after_fork); }

static void *result_of(block *b) {
    if (b != NULL) return payload_of(b);
    errno = ENOMEM;
    return NULL;
}

static size_t room_in(block *b) { return size_of(b) - HEADER; }

/* The block of a pointer that the program gives back: one of ours, in use, with nothing written beyond its end. */
static block *owned(void *pointer) {
    if ((size_t)pointer % ALIGNMENT != 0) complain("free or realloc of a pointer that malloc never gave");
    block *b = block_of(pointer);
    examine(b, "free or realloc of a pointer that malloc never gave, or something was written before its block");
    if (!has(b, USED)) complain("double free: this block is free already");
    if (!has(b, MAPPED)) examine(after(b), "something was written beyond the end of a block");
    return b;
}

PUBLIC void *malloc(size_t bytes) {
    pthread_mutex_lock(&lock);
    block *b = take(bytes);
    pthread_mutex_unlock(&lock);
    return result_of(b);
}

PUBLIC void free(void *pointer) {
    if (pointer == NULL) return;
    int kept = errno; /* munmap may change it, free must not */
    pthread_mutex_lock(&lock);
    give_back(owned(pointer));
    pthread_mutex_unlock(&lock);
    errno = kept;
}

PUBLIC void *calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return result_of(NULL);
    void *pointer = malloc(bytes);
    /* Fresh mappings are zero already. */
    if (pointer != NULL && !has(block_of(pointer), MAPPED)) memset(pointer, 0, bytes);
    return pointer;
}

PUBLIC void *realloc(void *pointer, size_t bytes) {
    if (pointer == NULL) return malloc(bytes);
    if (bytes == 0) {
        free(pointer);
        return NULL;
    }
    pthread_mutex_lock(&lock);
    block *b = owned(pointer);
    size_t before = room_in(b);
    bool done = resize_in_place(b, bytes);
    pthread_mutex_unlock(&lock);
    if (done) return pointer;
    void *moved = malloc(bytes);
    if (moved == NULL) return NULL; /* the old block stays as it was */
    memcpy(moved, pointer, before < bytes ? before : bytes);
    free(pointer);
    return moved;
}

static void *aligned(size_t alignment, size_t bytes) {
    pthread_mutex_lock(&lock);
    block *b = take_aligned(bytes, alignment);
    pthread_mutex_unlock(&lock);
    return b == NULL ? NULL : payload_of(b);
}

static bool is_power_of_two(size_t n) { return n != 0 && (n & (n - 1)) == 0; }

PUBLIC void *memalign(size_t alignment, size_t bytes) {
    void *pointer = is_power_of_two(alignment) ? aligned(alignment, bytes) : NULL;
    if (pointer == NULL) errno = is_power_of_two(alignment) ? ENOMEM : EINVAL;
    return pointer;
}

PUBLIC void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }

PUBLIC int posix_memalign(void **result, size_t alignment, size_t bytes) {
    if (!is_power_of_two(alignment) || alignment % sizeof(void *) != 0) return EINVAL;
    void *pointer = aligned(alignment, bytes);
    if (pointer == NULL) return ENOMEM;
    *result = pointer;
    return 0;
}

PUBLIC size_t malloc_usable_size(void *pointer) { return pointer == NULL ? 0 : room_in(block_of(pointer)); }

PUBLIC void *valloc(size_t bytes) { return memalign(4096, bytes); }
PUBLIC void *pvalloc(size_t bytes) { return memalign(4096, (bytes + 4095) & ~(size_t)4095); }
PUBLIC void *reallocarray(void *pointer, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return result_of(NULL);
    return realloc(pointer, bytes);
}
