#include "tile.h"

#pragma STDC FP_CONTRACT OFF

/* The extremum near node `best` of the polynomial through six nodes at whole numbers from `first` on: its place, and the
   value there. Kept within a step of the best node. */
CK_INLINE double ck_extremum(const double *nodes, size_t spacing, double best, double first, double *value) {
    double c[6];
    for (int i = 0; i < 6; i++) c[i] = nodes[(size_t)i * spacing];
    for (int order = 1; order < 6; order++)
        for (int i = 5; i >= order; i--) c[i] = (c[i] - c[i - 1]) / order;
    const double middle = best - first;
    double t = middle, p = 0;
    for (int step = 0; step < 6; step++) {
        double p1 = 0, p2 = 0;
        p = c[5];
        for (int i = 4; i >= 0; i--) {
            const double d = t - i;
            p2 = p2 * d + 2 * p1;
            p1 = p1 * d + p;
            p = p * d + c[i];
        }
        if (step == 5 || !(p * p2 < 0)) break;
        double next = t - p1 / p2;
        next = next > middle - 1 ? next : middle - 1;
        next = next < middle + 1 ? next : middle + 1;
        if (next == t) break;
        t = next;
    }
    *value = p;
    return first + t;
}

#define TARGET CK_TARGET_BASE
#define FN(name) name##_base
#include "basis_body.h"
#if defined(__x86_64__)
#define TARGET CK_TARGET_V3
#define FN(name) name##_v3
#include "basis_body.h"
#define TARGET CK_TARGET_V4
#define FN(name) name##_v4
#include "basis_body.h"
#endif

void ck_basis_search(const ck_tile *tile, const ck_basis *basis, double *out, double *scratch) {
    PICK(basis_search)(tile, basis, out, scratch);
}
