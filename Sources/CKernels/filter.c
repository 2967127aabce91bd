#include "variants.h"

#pragma STDC FP_CONTRACT OFF

#define TARGET CK_TARGET_BASE
#define FN(name) name##_base
#include "filter_body.h"
#if defined(__x86_64__)
#define TARGET CK_TARGET_V3
#define FN(name) name##_v3
#include "filter_body.h"
#define TARGET CK_TARGET_V4
#define FN(name) name##_v4
#include "filter_body.h"
#endif

void ck_filter_rows(const float *const *rows, float *dst, size_t n, const float *taps, size_t radius) {
    PICK(filter_rows)(rows, dst, n, taps, radius);
}
