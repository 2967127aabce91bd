#ifndef ENGRAFT_KERNELS_H
#define ENGRAFT_KERNELS_H
#include <stddef.h>
#include <stdint.h>

/* The instruction set the kernels run at: 0 baseline, 1 x86-64-v3, 2 x86-64-v4. Chosen once from the processor and
   lowered by ENGRAFT_SIMD=scalar|v3|v4. Every level gives the same bits. */
int ck_level(void);
/* Forces a level for tests and benchmarks; clipped to what the processor has. Returns the level in force. */
int ck_force_level(int level);

void ck_decode_u8(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_i8(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_i16(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_u16(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_i32(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_u32(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_i64(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_u64(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_f32(const void *src, float *dst, size_t n, double slope, double inter, int swap);
void ck_decode_f64(const void *src, float *dst, size_t n, double slope, double inter, int swap);

#endif
