#include "ahead.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A ring of pieces: together they fit the processor's cache, one alone is worth waking a thread for. */
#define PIECE ((size_t)1 << 17)
#define PIECES 8

struct ci_ahead {
    ci_source read;
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t filled, emptied;
    size_t made, taken;         /* pieces so far, under the lock */
    int stop;                   /* under the lock */
    ptrdiff_t lengths[PIECES];  /* of a piece, or the error that stands in its place */
    size_t at;                  /* the reader's place in its piece */
    uint8_t ring[PIECES][PIECE];
};

static void *fill(void *pointer) {
    ci_ahead *a = pointer;
    for (;;) {
        pthread_mutex_lock(&a->lock);
        while (a->made - a->taken == PIECES && !a->stop) pthread_cond_wait(&a->emptied, &a->lock);
        int stop = a->stop;
        size_t piece = a->made % PIECES;
        pthread_mutex_unlock(&a->lock);
        if (stop) return NULL;
        ptrdiff_t length = a->read(a->context, a->ring[piece], PIECE);
        pthread_mutex_lock(&a->lock);
        a->lengths[piece] = length;
        a->made++;
        pthread_cond_signal(&a->filled);
        pthread_mutex_unlock(&a->lock);
        if (length < (ptrdiff_t)PIECE) return NULL;
    }
}

ci_ahead *ci_ahead_open(ci_source read, void *context) {
    ci_ahead *a = malloc(sizeof *a);
    if (!a) return NULL;
    a->read = read;
    a->context = context;
    a->made = a->taken = a->at = 0;
    a->stop = 0;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->filled, NULL);
    pthread_cond_init(&a->emptied, NULL);
    if (pthread_create(&a->thread, NULL, fill, a) == 0) return a;
    pthread_cond_destroy(&a->emptied);
    pthread_cond_destroy(&a->filled);
    pthread_mutex_destroy(&a->lock);
    free(a);
    return NULL;
}

ptrdiff_t ci_ahead_read(ci_ahead *a, void *target, size_t n) {
    size_t done = 0;
    while (done < n) {
        pthread_mutex_lock(&a->lock);
        while (a->made == a->taken) pthread_cond_wait(&a->filled, &a->lock);
        pthread_mutex_unlock(&a->lock);
        size_t piece = a->taken % PIECES;
        ptrdiff_t length = a->lengths[piece];
        if (length < 0) return length;
        size_t left = (size_t)length - a->at, count = n - done < left ? n - done : left;
        memcpy((uint8_t *)target + done, a->ring[piece] + a->at, count);
        a->at += count;
        done += count;
        if (a->at < (size_t)length) continue;
        if (length < (ptrdiff_t)PIECE) break; /* the last piece stays: later reads find the end again */
        a->at = 0;
        pthread_mutex_lock(&a->lock);
        a->taken++;
        pthread_cond_signal(&a->emptied);
        pthread_mutex_unlock(&a->lock);
    }
    return (ptrdiff_t)done;
}

void ci_ahead_close(ci_ahead *a) {
    pthread_mutex_lock(&a->lock);
    a->stop = 1;
    pthread_cond_signal(&a->emptied);
    pthread_mutex_unlock(&a->lock);
    pthread_join(a->thread, NULL);
    pthread_cond_destroy(&a->emptied);
    pthread_cond_destroy(&a->filled);
    pthread_mutex_destroy(&a->lock);
    free(a);
}
