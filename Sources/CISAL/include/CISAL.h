#ifndef ENGRAFT_CISAL_H
#define ENGRAFT_CISAL_H
#include <stddef.h>

/* Inflates gzip or zlib data piece by piece from bytes that stay where they are; several members read as one stream. */
typedef struct ci_stream ci_stream;

enum { CI_GZIP, CI_ZLIB };
enum { CI_DAMAGED = -1, CI_TRUNCATED = -2 };

/* A stream over n bytes, which must outlive it; NULL where there is no memory. wrapper is CI_GZIP or CI_ZLIB. */
ci_stream *ci_open(const void *source, size_t n, int wrapper);

/* Fills target with the next n bytes, fewer only at the end; CI_DAMAGED or CI_TRUNCATED where the data are. */
ptrdiff_t ci_read(ci_stream *stream, void *target, size_t n);

/* Compressed bytes read so far, for messages. */
size_t ci_position(const ci_stream *stream);

void ci_close(ci_stream *stream);

/* Deflates bytes piece by piece into one gzip member. */
typedef struct ci_deflater ci_deflater;

/* NULL where there is no memory. */
ci_deflater *ci_deflate_open(void);

/* Takes up to n bytes, says how many in taken, and writes what is ready to target; returns how many bytes that is, or -1.
   With last, the n bytes are the stream's end: to be called, with what is left, until ci_deflate_is_done. */
ptrdiff_t ci_deflate(ci_deflater *deflater, const void *source, size_t n, int last, void *target, size_t capacity, size_t *taken);

int ci_deflate_is_done(const ci_deflater *deflater);

void ci_deflate_close(ci_deflater *deflater);

#endif
