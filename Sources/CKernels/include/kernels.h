#ifndef ENGRAFT_KERNELS_H
#define ENGRAFT_KERNELS_H
#include <stddef.h>
#include <stdint.h>

/* Inner loops in C, each compiled for the baseline, x86-64-v3 and x86-64-v4 and chosen at run time. Lanes are fixed and
   a * b + c is never contracted, so every level gives the same bits. Elsewhere than on x86-64 there is one level, 0. */

/* The instruction set the kernels run at: 0 baseline, 1 x86-64-v3, 2 x86-64-v4. Chosen once from the processor and
   lowered by ENGRAFT_SIMD=scalar|v3|v4; another value of the variable changes nothing. */
int ck_level(void);
/* Forces a level for tests and benchmarks; clipped to what the processor has. Returns the level in force. */
int ck_force_level(int level);

/* dst[i] = (float)((double)stored[i] * slope + inter): double arithmetic, rounded once at the end.
   A slope of 1 and an inter of 0 are left out rather than computed, so -0 and NaN bits of a float stay.
   src holds n stored values, at any alignment; swap != 0 where their bytes are in the other order than ours.
   src and dst do not overlap. */
void ck_decode_i8(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_u8(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_i16(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_u16(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_i32(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_u32(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_i64(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_u64(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_f32(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_f64(const void *src, float *dst, size_t n, double slope, double inter, int swap);

/* A symmetric filter over rows: dst[i] = taps[0] * rows[radius][i] + sum over m = 1...radius, in this order, of
   taps[m] * (rows[radius - m][i] + rows[radius + m][i]), in float. rows has 2 * radius + 1 pointers to n floats each;
   they may overlap each other (a row shifted by one), not dst. */
void ck_filter_rows(const float *const *rows, float *dst, size_t n, const float *taps, size_t radius);

/* A row of points in a source's voxel indices, and the source's shape: point i is start + i * step. */
typedef struct ck_line {
    double start[3], step[3];
    int64_t shape[3];
} ck_line;

/* One row of trilinear interpolation. An index is computed in double and rounded to 2^-24 voxel, so that a point meant to
   be a voxel centre is one. Inside is -0.5 <= index < shape - 0.5 on each axis; in the outer half voxel the edge repeats;
   elsewhere dst[i] = outside. A neighbour of weight 0 is not looked at. src has shape[0] * shape[1] * shape[2] floats;
   n < 2^31. */
void ck_linear_row(const float *src, const ck_line *line, float outside, float *dst, size_t n);

#endif
