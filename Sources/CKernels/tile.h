/* Vectors of the kinetic kernels: a voxel a lane, in double. The width is fixed here, not by the instruction set, which only
   decides how many registers one takes. */
#ifndef ENGRAFT_TILE_H
#define ENGRAFT_TILE_H
#include "variants.h"
#include <string.h>

typedef double ck_v8d __attribute__((vector_size(64)));
typedef float ck_v8f __attribute__((vector_size(32)));
typedef int64_t ck_v8i __attribute__((vector_size(64)));

/* Eight floats at p as doubles, into v. A macro: a vector that goes through a call has another ABI at each level. */
#define CK_LOAD8(v, p)                                                                                               \
    do {                                                                                                             \
        ck_v8f narrow_;                                                                                              \
        memcpy(&narrow_, (p), sizeof narrow_);                                                                       \
        (v) = __builtin_convertvector(narrow_, ck_v8d);                                                              \
    } while (0)
#define CK_STORE8(p, v) memcpy((p), &(v), sizeof(ck_v8d))

#endif
