#include "tile.h"

#pragma STDC FP_CONTRACT OFF

#define TARGET CK_TARGET_BASE
#define FN(name) name##_base
#include "multilinear_body.h"
#if defined(__x86_64__)
#define TARGET CK_TARGET_V3
#define FN(name) name##_v3
#include "multilinear_body.h"
#define TARGET CK_TARGET_V4
#define FN(name) name##_v4
#include "multilinear_body.h"
#endif

size_t ck_multilinear(
    const ck_tile *tile, const ck_integral_frame *frames, const ck_multilinear_columns *columns, const ck_result *result) {
    return PICK(multilinear)(tile, frames, columns, result);
}

void ck_logan(const ck_tile *tile, const ck_integral_frame *frames, double *out) { PICK(logan)(tile, frames, out); }
