#include "variants.h"
#include <math.h>

#pragma STDC FP_CONTRACT OFF

#define TARGET CK_TARGET_BASE
#define FN(name) name##_base
#include "match_body.h"
#if defined(__x86_64__)
#define TARGET CK_TARGET_V3
#define FN(name) name##_v3
#include "match_body.h"
#define TARGET CK_TARGET_V4
#define FN(name) name##_v4
#include "match_body.h"
#endif

void ck_point_values(const float *src, const ck_points *points, float *dst, size_t n) {
    PICK(point_values)(src, points, dst, n);
}

size_t ck_add_windows(const float *values, const uint8_t *rows, size_t n, size_t slots, size_t height, float *table) {
    return PICK(add_windows)(values, rows, n, slots, height, table);
}
