#include "variants.h"
#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/* Sixteen samples, in as many registers as a level needs. */
typedef double ck_lanes __attribute__((ext_vector_type(16)));

#define TARGET CK_TARGET_BASE
#define FN(name) name##_base
#include "samples_body.h"
#if defined(__x86_64__)
#define TARGET CK_TARGET_V3
#define FN(name) name##_v3
#include "samples_body.h"
#define TARGET CK_TARGET_V4
#define FN(name) name##_v4
#include "samples_body.h"
#endif

void ck_line_sums(const double *samples, size_t n, double middle, double *out) {
    PICK(line_sums)(samples, n, middle, out);
}

void ck_tapered(const double *samples, const double *taper, size_t n, double offset, double slope, double *out) {
    PICK(tapered)(samples, taper, n, offset, slope, out);
}

void ck_add_power(const double *transform, size_t bins, double scale, double *power) {
    PICK(add_power)(transform, bins, scale, power);
}

void ck_moments(const double *samples, size_t n, double shift, double *out) { PICK(moments)(samples, n, shift, out); }

int ck_are_below(const double *samples, size_t n, double limit) { return PICK(are_below)(samples, n, limit); }

double ck_product(const double *a, const double *b, size_t n) { return PICK(product)(a, b, n); }

void ck_unpack_tens(const void *words, size_t n, double unit, double *x, double *y, double *z) {
    PICK(unpack_tens)(words, n, unit, x, y, z);
}

double ck_median_of_few(const double *values, size_t n) { return PICK(median_of_few)(values, n); }
