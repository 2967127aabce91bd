#include "variants.h"
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/* Stored values by their type: an unaligned load, with the bytes turned round or not. */
#define LOAD(NAME, TYPE, WORD, TURN)                                                     \
    CK_INLINE TYPE load_##NAME(const unsigned char *src, size_t i, int swap) {           \
        WORD bits;                                                                       \
        TYPE value;                                                                      \
        memcpy(&bits, src + i * sizeof bits, sizeof bits);                               \
        if (swap) bits = TURN(bits);                                                     \
        memcpy(&value, &bits, sizeof value);                                             \
        return value;                                                                    \
    }
#define SAME(bits) (bits)
LOAD(i8, int8_t, uint8_t, SAME)
LOAD(u8, uint8_t, uint8_t, SAME)
LOAD(i16, int16_t, uint16_t, __builtin_bswap16)
LOAD(u16, uint16_t, uint16_t, __builtin_bswap16)
LOAD(i32, int32_t, uint32_t, __builtin_bswap32)
LOAD(u32, uint32_t, uint32_t, __builtin_bswap32)
LOAD(i64, int64_t, uint64_t, __builtin_bswap64)
LOAD(u64, uint64_t, uint64_t, __builtin_bswap64)
LOAD(f32, float, uint32_t, __builtin_bswap32)
LOAD(f64, double, uint64_t, __builtin_bswap64)

/* The value without scaling. A 64-bit integer goes through double like the scaled ones, so both round alike. */
CK_INLINE float plain_i8(int8_t v) { return (float)v; }
CK_INLINE float plain_u8(uint8_t v) { return (float)v; }
CK_INLINE float plain_i16(int16_t v) { return (float)v; }
CK_INLINE float plain_u16(uint16_t v) { return (float)v; }
CK_INLINE float plain_i32(int32_t v) { return (float)v; }
CK_INLINE float plain_u32(uint32_t v) { return (float)(double)v; }
CK_INLINE float plain_i64(int64_t v) { return (float)(double)v; }
CK_INLINE float plain_u64(uint64_t v) { return (float)(double)v; }
CK_INLINE float plain_f32(float v) { return v; }
CK_INLINE float plain_f64(double v) { return (float)v; }

#define TARGET CK_TARGET_BASE
#define FN(name) name##_base
#include "decode_body.h"
#if defined(__x86_64__)
#define TARGET CK_TARGET_V3
#define FN(name) name##_v3
#include "decode_body.h"
#define TARGET CK_TARGET_V4
#define FN(name) name##_v4
#include "decode_body.h"
#endif

#define ENTRY(NAME)                                                                                                 \
    void ck_decode_##NAME(const void *src, float *dst, size_t n, double slope, double inter, int swap) {            \
        PICK(decode_##NAME)(src, dst, n, slope, inter, swap);                                                       \
    }
ENTRY(i8)
ENTRY(u8)
ENTRY(i16)
ENTRY(u16)
ENTRY(i32)
ENTRY(u32)
ENTRY(i64)
ENTRY(u64)
ENTRY(f32)
ENTRY(f64)
