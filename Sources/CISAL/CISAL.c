#include "CISAL.h"

#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdlib.h>

/* ISA-L counts input in 32 bits: it is fed in pieces. */
#define PIECE ((size_t)1 << 30)

struct ci_stream {
    struct inflate_state state;
    const uint8_t *source;
    size_t n, fed;
    uint32_t wrapper; /* ISA-L's name of what stands around the deflate data */
    int open;         /* inside a member */
};

ci_stream *ci_open(const void *source, size_t n, int wrapper) {
    ci_stream *s = malloc(sizeof *s);
    if (!s) return NULL;
    isal_inflate_init(&s->state);
    s->wrapper = wrapper == CI_ZLIB ? ISAL_ZLIB : ISAL_GZIP;
    s->state.crc_flag = s->wrapper;
    s->state.avail_in = 0;
    s->source = source;
    s->n = n;
    s->fed = 0;
    s->open = 0;
    return s;
}

static void feed(ci_stream *s) {
    size_t left = s->n - s->fed, piece = left < PIECE ? left : PIECE;
    s->state.next_in = (uint8_t *)(s->source + s->fed);
    s->state.avail_in = (uint32_t)piece;
    s->fed += piece;
}

/* Some writers fill the last block of a file with zeros. */
static int only_zeros_left(const ci_stream *s) {
    for (size_t i = ci_position(s); i < s->n; i++)
        if (s->source[i]) return 0;
    return 1;
}

ptrdiff_t ci_read(ci_stream *s, void *target, size_t n) {
    size_t done = 0;
    while (done < n) {
        if (s->open && s->state.block_state == ISAL_BLOCK_FINISH) {
            s->open = 0;
            isal_inflate_reset(&s->state);
            s->state.crc_flag = s->wrapper;
        }
        if (!s->open && only_zeros_left(s)) break;
        s->open = 1;
        if (s->state.avail_in == 0 && s->fed < s->n) feed(s);
        size_t room = n - done < PIECE ? n - done : PIECE;
        uint32_t before_in = s->state.avail_in;
        s->state.next_out = (uint8_t *)target + done;
        s->state.avail_out = (uint32_t)room;
        if (isal_inflate(&s->state) != ISAL_DECOMP_OK) return CI_DAMAGED;
        size_t made = room - s->state.avail_out;
        done += made;
        int stuck = made == 0 && s->state.avail_in == before_in && s->state.block_state != ISAL_BLOCK_FINISH;
        if (stuck && s->state.avail_in == 0 && s->fed == s->n) return CI_TRUNCATED;
        if (stuck && s->state.avail_in > 0) return CI_DAMAGED;
    }
    return (ptrdiff_t)done;
}

size_t ci_position(const ci_stream *s) { return s->fed - s->state.avail_in; }

void ci_close(ci_stream *s) { free(s); }
