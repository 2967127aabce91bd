/* How a kernel gets its variants: FN names one, TARGET gives its instruction set, PICK chooses at run time.
   A kernel's file includes its body once per level:

       #define TARGET CK_TARGET_BASE
       #define FN(name) name##_base
       #include "body.h"

   and a body never calls a function that is not inlined, so no instruction of a higher level leaks into shared code. */
#ifndef ENGRAFT_VARIANTS_H
#define ENGRAFT_VARIANTS_H
#include "kernels.h"

#pragma STDC FP_CONTRACT OFF

#define CK_INLINE static inline __attribute__((always_inline))
#define CK_TARGET_BASE
#if defined(__x86_64__)
#define CK_TARGET_V3 __attribute__((target("arch=x86-64-v3")))
#define CK_TARGET_V4 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define PICK(name) (ck_level() == 2 ? name##_v4 : ck_level() == 1 ? name##_v3 : name##_base)
#else
#define PICK(name) name##_base
#endif

#endif
