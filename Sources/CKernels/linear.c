#include "variants.h"
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define TARGET CK_TARGET_BASE
#define FN(name) name##_base
#include "linear_body.h"
#if defined(__x86_64__)
#define TARGET CK_TARGET_V3
#define FN(name) name##_v3
#include "linear_body.h"
#endif

/* The v3 variant serves v4 too: wider lanes lose here, the loads of the corners are scalar. */
#define linear_row_v4 linear_row_v3

void ck_linear_row(const float *src, const ck_line *line, float outside, float *dst, size_t n) {
    PICK(linear_row)(src, line, outside, dst, n);
}
