#include "CISAL.h"

#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdlib.h>

struct ci_deflater {
    struct isal_zstream stream;
    uint8_t level[ISAL_DEF_LVL3_DEFAULT];
};

ci_deflater *ci_deflate_open(void) {
    ci_deflater *d = malloc(sizeof *d);
    if (!d) return NULL;
    isal_deflate_init(&d->stream);
    d->stream.gzip_flag = IGZIP_GZIP;
    d->stream.level = 3;
    d->stream.level_buf = d->level;
    d->stream.level_buf_size = sizeof d->level;
    d->stream.flush = NO_FLUSH;
    return d;
}

ptrdiff_t ci_deflate(ci_deflater *d, const void *source, size_t n, int last, void *target, size_t capacity, size_t *taken) {
    struct isal_zstream *s = &d->stream;
    uint32_t piece = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
    uint32_t room = capacity < UINT32_MAX ? (uint32_t)capacity : UINT32_MAX;
    s->next_in = (uint8_t *)source;
    s->avail_in = piece;
    s->next_out = target;
    s->avail_out = room;
    s->end_of_stream = last && piece == n;
    if (isal_deflate(s) != COMP_OK) return -1;
    *taken = piece - s->avail_in;
    return room - s->avail_out;
}

int ci_deflate_is_done(const ci_deflater *d) { return d->stream.internal_state.state == ZSTATE_END; }

void ci_deflate_close(ci_deflater *d) { free(d); }
