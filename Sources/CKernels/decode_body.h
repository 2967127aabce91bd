/* One level of the decoders. The four ways (scaled or not, swapped or not) are loops of their own: no branch inside. */
#define WAYS(NAME, SWAP)                                                                                            \
    if (slope == 1 && inter == 0) {                                                                                 \
        for (size_t i = 0; i < n; i++) dst[i] = plain_##NAME(load_##NAME(src, i, SWAP));                            \
    } else if (inter == 0) {                                                                                        \
        for (size_t i = 0; i < n; i++) dst[i] = (float)((double)load_##NAME(src, i, SWAP) * slope);                 \
    } else {                                                                                                        \
        for (size_t i = 0; i < n; i++) dst[i] = (float)((double)load_##NAME(src, i, SWAP) * slope + inter);         \
    }

#define DECODE(NAME)                                                                                                \
    static TARGET void FN(decode_##NAME)(const unsigned char *restrict src, float *restrict dst, size_t n,          \
                                         double slope, double inter, int swap) {                                    \
        if (swap) {                                                                                                 \
            WAYS(NAME, 1)                                                                                           \
        } else {                                                                                                    \
            WAYS(NAME, 0)                                                                                           \
        }                                                                                                           \
    }

DECODE(i8)
DECODE(u8)
DECODE(i16)
DECODE(u16)
DECODE(i32)
DECODE(u32)
DECODE(i64)
DECODE(u64)
DECODE(f32)
DECODE(f64)

#undef WAYS
#undef DECODE
#undef TARGET
#undef FN
