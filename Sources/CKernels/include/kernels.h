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

/* Points of a world, and where they lie in an image: index a of point i is map[4a] + map[4a + 1] * x[i] + map[4a + 2] * y[i]
   + map[4a + 3] * z[i]. */
typedef struct ck_points {
    const float *x, *y, *z;
    float map[12];
    int32_t shape[3];
} ck_points;

/* Trilinear values at n points, in float; NaN where 0 <= index <= shape - 1 does not hold on every axis. src has a voxel more
   than shape along each axis, at the far face, which repeats its neighbour: (shape[0] + 1) * (shape[1] + 1) * (shape[2] + 1)
   floats, fewer than 2^31. */
void ck_point_values(const float *src, const ck_points *points, float *dst, size_t n);

/* Adds the cubic B-spline's window of each value that is a number to row rows[i] of a histogram: bins int(value) - 1 to
   int(value) + 2. The histogram is the sum of four tables of `height` rows of 4 * slots floats, aligned to 16 bytes: bin b of
   a row of table s stands for bin b + s. Values are at least 1 and
   below 4 * slots + 1. Returns how many were added. */
size_t ck_add_windows(const float *values, const uint8_t *rows, size_t n, size_t slots, size_t height, float *table);

/* Voxels side by side for the kinetic kernels: values[f * stride + v] is voxel v in frame f, in float, a tile of its own or
   part of an image. voxels is a multiple of CK_TILE_LANES; in doubles a kernel writes, row r starts at out + r * voxels. A
   voxel's sums run over the frames in order, in double, and no voxel's result depends on its neighbours. What comes
   behind the voxels of each frame is fetched ahead, not used. */
#define CK_TILE_LANES 16
typedef struct ck_tile {
    const float *values;
    size_t stride, voxels, frames;
} ck_tile;

/* Where values go, a row a parameter (NULL where it is not wanted), and codes, one a voxel: 0 where there are values, else
   NaN and one of the codes given here. */
typedef struct ck_result {
    float *row[5];
    uint8_t *codes;
    uint8_t not_unique, no_washout, overflow;
} ck_result;

/* One or two fixed sums over frames: row r = sum over f of coefficients[2 * f + r] * value. A voxel whose first sum is not
   finite overflows; returns how many do. */
size_t ck_project(const ck_tile *tile, const double *coefficients, const ck_result *result);

/* One frame of a model with a voxel's running integral I: at the middle of frame f it is the sum over earlier frames e of
   onward(e) * value(e), plus here * value(f). A frame of weight 0 only carries the integral on. first and second are
   orthonormal rows (second may be all 0), times the root of the weight. */
typedef struct ck_integral_frame {
    double onward, here, weight, first, second;
} ck_integral_frame;

/* How parameters follow from what is found on orthonormal rows: g3 = second * inverse22, g1 = (first - r12 * g3) * inverse11,
   where second's column is that of R1; where k2_prime is not 0, there is no second column and R1 = g1 / k2_prime. Where the
   share of the integral's weighted squares that the columns do not explain is least_share or less, there is no unique
   slope. Where not `weighted`, every frame's weight is 1, which is then not looked at. */
typedef struct ck_multilinear_columns {
    double r12, inverse11, inverse22, k2_prime, least_share;
    int weighted;
} ck_multilinear_columns;

/* Least squares of value = slope * I + first and second column. Rows: BP_ND = -g1 / slope - 1, R1 (g3), k2 (g1), k2a
   (-slope), k2' (g1 / g3). No washout where the slope is not negative; overflow where it is not a number or BP_ND not
   finite. Returns how many overflow. */
size_t ck_multilinear(
    const ck_tile *tile, const ck_integral_frame *frames, const ck_multilinear_columns *columns, const ck_result *result);

/* The line through (first / value, I / value), frames weighing by `weight`. Rows of out: slope, intercept, the
   abscissae's variance as a share of their mean square, the smallest value divided by. second is not used. */
void ck_logan(const ck_tile *tile, const ck_integral_frame *frames, double *out);

/* Curves of one shape for each of `rates` rates: which fits a voxel best?
   units[4 * ((j / 4) * frames + f) + j % 4] is rate j in frame f: a row of unit length, orthogonal to the fixed column,
   times the root of the frame's weight; rates is a multiple of 4 and at least 8, of which the first `count` are looked at.
   fixed is the fixed column's unit row (or 0), times the root of the weight; weights are those of the frames. */
typedef struct ck_basis {
    const double *units, *fixed, *weights;
    size_t rates, count;
} ck_basis;

/* The rate that leaves the smallest weighted sum of squares: the one whose row has the largest projection. Between rates
   the projection is the polynomial through the six around the best one, and its extremum is found by Newton's method from
   a parabola's vertex. Rows of out: the rate's place, counted from 0 and between two where it is no whole number (0 and
   count - 1 exactly where the ends are best); the projection there, the fixed column's projection, the weighted sum of
   squares. scratch holds 8 * (frames + rates) doubles. */
void ck_basis_search(const ck_tile *tile, const ck_basis *basis, double *out, double *scratch);

/* Loops over a recording's samples, in double. Sums go in sixteen lanes, value i to lane i % 16 while there are sixteen; the
   lanes are added first to last, then what is left over. */

/* out[0] = sum of the samples, out[1] = sum of (i - middle) * sample i. */
void ck_line_sums(const double *samples, size_t n, double middle, double *out);

/* out[i] = (sample i - (offset + slope * i)) * taper[i]. out overlaps neither. */
void ck_tapered(const double *samples, const double *taper, size_t n, double offset, double slope, double *out);

/* power[b] += (re * re + im * im) * scale of bins of (re, im). */
void ck_add_power(const double *transform, size_t bins, double scale, double *power);

/* out = sum of (sample - shift), sum of its squares, smallest and largest sample; n >= 1, no sample is NaN. */
void ck_moments(const double *samples, size_t n, double shift, double *out);

/* Whether every sample's magnitude is below limit (> 0): 0 where one is not, infinite or NaN. */
int ck_are_below(const double *samples, size_t n, double limit);

/* The sum of a[i] * b[i]. */
double ck_product(const double *a, const double *b, size_t n);

/* Little-endian words of three signed values of 10 bits under an exponent of 2 bits: x, y, z = value * 2^exponent * unit;
   unit is a normal number below 2^1020. words may lie at any alignment. */
void ck_unpack_tens(const void *words, size_t n, double unit, double *x, double *y, double *z);

/* The median of 1 to CK_FEW values, none of them NaN; of an even number, the mean of the middle two. */
#define CK_FEW 32
double ck_median_of_few(const double *values, size_t n);

#endif
