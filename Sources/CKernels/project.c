#include "tile.h"

#pragma STDC FP_CONTRACT OFF

#define TARGET CK_TARGET_BASE
#define FN(name) name##_base
#include "project_body.h"
#if defined(__x86_64__)
#define TARGET CK_TARGET_V3
#define FN(name) name##_v3
#include "project_body.h"
#define TARGET CK_TARGET_V4
#define FN(name) name##_v4
#include "project_body.h"
#endif

size_t ck_project(const ck_tile *tile, const double *coefficients, const ck_result *result) {
    return PICK(project)(tile, coefficients, result);
}
