/* A reader that inflates ahead on a thread of its own, so that what is done with one piece overlaps with the next. */
#ifndef ENGRAFT_CISAL_AHEAD_H
#define ENGRAFT_CISAL_AHEAD_H
#include <stddef.h>

/* Fills target with the next n bytes, as ci_read does. */
typedef ptrdiff_t (*ci_source)(void *context, void *target, size_t n);

typedef struct ci_ahead ci_ahead;

/* Starts reading ahead; nothing else may read the source until ci_ahead_close. NULL where no thread can be had. */
ci_ahead *ci_ahead_open(ci_source read, void *context);

/* The next n bytes in order, fewer only at the end; the source's error where it stopped with one. */
ptrdiff_t ci_ahead_read(ci_ahead *ahead, void *target, size_t n);

/* Waits for the thread to stop. */
void ci_ahead_close(ci_ahead *ahead);

#endif
