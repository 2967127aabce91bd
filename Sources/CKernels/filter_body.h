/* One level of the row filter: LANES sums stay in registers while the taps go by; what is
   left over goes eight at a time, then one by one, each value with the same sums. */
#define LANES 32

static TARGET void FN(filter_rows)(const float *const *rows, float *restrict dst, size_t n,
                                   const float *restrict taps, size_t radius) {
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        float sum[LANES];
        for (int l = 0; l < LANES; l++) sum[l] = taps[0] * rows[radius][i + l];
        for (size_t m = 1; m <= radius; m++) {
            const float tap = taps[m];
            const float *restrict below = rows[radius - m] + i;
            const float *restrict above = rows[radius + m] + i;
            for (int l = 0; l < LANES; l++) sum[l] += tap * (below[l] + above[l]);
        }
        for (int l = 0; l < LANES; l++) dst[i + l] = sum[l];
    }
    for (; i + 8 <= n; i += 8) {
        float sum[8];
        for (int l = 0; l < 8; l++) sum[l] = taps[0] * rows[radius][i + l];
        for (size_t m = 1; m <= radius; m++) {
            const float tap = taps[m];
            const float *restrict below = rows[radius - m] + i;
            const float *restrict above = rows[radius + m] + i;
            for (int l = 0; l < 8; l++) sum[l] += tap * (below[l] + above[l]);
        }
        for (int l = 0; l < 8; l++) dst[i + l] = sum[l];
    }
    for (; i < n; i++) {
        float sum = taps[0] * rows[radius][i];
        for (size_t m = 1; m <= radius; m++) sum += taps[m] * (rows[radius - m][i] + rows[radius + m][i]);
        dst[i] = sum;
    }
}

#undef LANES
#undef TARGET
#undef FN
