/* Vectors of the kinetic kernels: a voxel a lane, in double. The width is fixed here, not by the instruction set, which only
   decides how many registers one takes. */
#ifndef ENGRAFT_TILE_H
#define ENGRAFT_TILE_H
#include "variants.h"
#include <string.h>

typedef double ck_v8d __attribute__((vector_size(64)));
typedef double ck_v4d __attribute__((vector_size(32)));
typedef float ck_v4f __attribute__((vector_size(16)));
typedef float ck_v8f __attribute__((vector_size(32)));
typedef int64_t ck_v8i __attribute__((vector_size(64)));
typedef int32_t ck_v8w __attribute__((vector_size(32)));
typedef uint8_t ck_v8b __attribute__((vector_size(8)));

/* How far ahead of a frame's voxels the cache is filled, in floats: four lines, so that memory and arithmetic overlap although
   each frame is a stream of its own. */
#define CK_AHEAD 64

/* Eight floats at p as doubles, into v. A macro: a vector that goes through a call has another ABI at each level. */
#define CK_LOAD8(v, p)                                                                                               \
    do {                                                                                                             \
        ck_v8f narrow_;                                                                                              \
        memcpy(&narrow_, (p), sizeof narrow_);                                                                       \
        (v) = __builtin_convertvector(narrow_, ck_v8d);                                                              \
    } while (0)
/* Eight doubles as floats into a row of a result, from voxel v on, where the row is wanted: NaN in lanes that are not
   solved, whose masks are 0. */
#define CK_STORE_ROW(result, which, v, values, solved)                                                               \
    do {                                                                                                             \
        if ((result).row[which]) {                                                                                   \
            const ck_v8w bits_ = (ck_v8w)__builtin_convertvector((values), ck_v8f);                                  \
            const ck_v8w kept_ = (bits_ & (solved)) | (~(solved) & 0x7fc00000);                                      \
            memcpy((result).row[which] + (v), &kept_, sizeof kept_);                                                 \
        }                                                                                                            \
    } while (0)
/* scalar * v + sum in every lane, rounded once: the same bits with and without the instruction, which halves the arithmetic
   where it is there. */
#define CK_FMA(scalar, v, sum)                                                                                       \
    __builtin_elementwise_fma(                                                                                       \
        (ck_v8d){(scalar), (scalar), (scalar), (scalar), (scalar), (scalar), (scalar), (scalar)}, (v), (sum))
/* The same for four lanes. */
#define CK_LOAD4(v, p)                                                                                               \
    do {                                                                                                             \
        ck_v4f narrow_;                                                                                              \
        memcpy(&narrow_, (p), sizeof narrow_);                                                                       \
        (v) = __builtin_convertvector(narrow_, ck_v4d);                                                              \
    } while (0)
#define CK_FMA4(scalar, v, sum)                                                                                      \
    __builtin_elementwise_fma((ck_v4d){(scalar), (scalar), (scalar), (scalar)}, (v), (sum))
#define CK_STORE8(p, v) memcpy((p), &(v), sizeof(ck_v8d))

#endif
