/* One level of the trilinear row. POINTS at a time are placed, their corners asked for, and then, LANES at a time, fetched
   and blended: a row through a large image waits for memory, and asking early halves that. */
#define LANES 8
#define POINTS 64

/* 1.5 * 2^28: a double near it has steps of 2^-24, so adding it rounds an index to 24 binary places, and the bits of the
   sum are the index as a fixed-point number. Valid for |index| < 2^27; what lies farther is clamped first. */
#define FIXED_BIAS 402653184.0
#define FIXED_ONE 16777216

static TARGET void FN(linear_row)(const float *restrict src, const ck_line *line, float outside,
                                  float *restrict dst, size_t n) {
    const int64_t *shape = line->shape;
    const int64_t nx = shape[0], nxy = shape[0] * shape[1];
    int64_t bias;
    const double bias_value = FIXED_BIAS;
    memcpy(&bias, &bias_value, sizeof bias);
    for (size_t first = 0; first < n; first += POINTS) {
        const size_t count = n - first < POINTS ? n - first : POINTS;
        const size_t padded = (count + LANES - 1) / LANES * LANES;
        int32_t cell[3][POINTS], inside[POINTS];
        float fraction[3][POINTS];
        for (size_t i = 0; i < padded; i++) inside[i] = 1;
        for (int a = 0; a < 3; a++) {
            const int32_t last = (int32_t)shape[a] - 1;
            const double start = line->start[a], step = line->step[a];
            for (size_t i = 0; i < padded; i++) {
                double index = start + (double)(int32_t)(first + i) * step;
                index = index > -67108864.0 ? index : -67108864.0;
                index = index < 67108864.0 ? index : 67108864.0;
                const double biased = index + FIXED_BIAS;
                int64_t bits;
                memcpy(&bits, &biased, sizeof bits);
                bits -= bias;
                const int32_t whole = (int32_t)(bits >> 24);
                const int32_t part = (int32_t)(bits & (FIXED_ONE - 1));
                const int32_t nearest = whole + (part >= FIXED_ONE / 2);
                inside[i] &= (nearest >= 0) & (nearest <= last);
                cell[a][i] = whole;
                fraction[a][i] = (float)part * (1.0f / FIXED_ONE);
            }
        }
        /* Where a point's lower corner is, and how far its neighbours are: 0 where the edge repeats. Points outside are
           moved to voxel 0 and replaced at the end. */
        int64_t base[POINTS];
        int32_t across[3][POINTS];
        for (size_t i = 0; i < padded; i++) {
            const int64_t x = cell[0][i], y = cell[1][i], z = cell[2][i];
            const int64_t on = inside[i];
            base[i] = on ? (x > 0 ? x : 0) + (y > 0 ? y : 0) * nx + (z > 0 ? z : 0) * nxy : 0;
            across[0][i] = on & (x >= 0) & (x + 1 < shape[0]);
            across[1][i] = on & (y >= 0) & (y + 1 < shape[1]);
            across[2][i] = on & (z >= 0) & (z + 1 < shape[2]);
        }
#pragma clang loop vectorize(disable)
        for (size_t i = 0; i < padded; i++) {
            const float *p = src + base[i];
            const int64_t dy = across[1][i] ? nx : 0, dz = across[2][i] ? nxy : 0;
            __builtin_prefetch(p);
            __builtin_prefetch(p + dy);
            __builtin_prefetch(p + dz);
            __builtin_prefetch(p + dy + dz);
        }
        for (size_t i = 0; i < padded; i += LANES) {
            float corner[8][LANES], value[LANES];
#pragma clang loop vectorize(disable) unroll(disable)
            for (size_t l = 0; l < LANES; l++) {
                const float *p = src + base[i + l];
                const int64_t dx = across[0][i + l];
                const int64_t dy = across[1][i + l] ? nx : 0, dz = across[2][i + l] ? nxy : 0;
                corner[0][l] = p[0];
                corner[1][l] = p[dx];
                corner[2][l] = p[dy];
                corner[3][l] = p[dy + dx];
                corner[4][l] = p[dz];
                corner[5][l] = p[dz + dx];
                corner[6][l] = p[dz + dy];
                corner[7][l] = p[dz + dy + dx];
            }
            for (int l = 0; l < LANES; l++) {
                const float fx = fraction[0][i + l], fy = fraction[1][i + l], fz = fraction[2][i + l];
                float edge[4], face[2];
                for (int c = 0; c < 4; c++) {
                    const float a = corner[2 * c][l], b = corner[2 * c + 1][l];
                    edge[c] = fx == 0 ? a : a + fx * (b - a);
                }
                for (int c = 0; c < 2; c++) {
                    const float a = edge[2 * c], b = edge[2 * c + 1];
                    face[c] = fy == 0 ? a : a + fy * (b - a);
                }
                value[l] = fz == 0 ? face[0] : face[0] + fz * (face[1] - face[0]);
            }
            const size_t lanes = count - i < LANES ? count - i : LANES;
            for (size_t l = 0; l < lanes; l++) dst[first + i + l] = inside[i + l] ? value[l] : outside;
        }
    }
}

#undef LANES
#undef POINTS
#undef FIXED_BIAS
#undef FIXED_ONE
#undef TARGET
#undef FN
