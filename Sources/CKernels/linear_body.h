/* One level of the trilinear row, LANES points at a time: place them, fetch their corners, blend. */
#define LANES 8

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
    for (size_t i = 0; i < n; i += LANES) {
        const size_t lanes = n - i < LANES ? n - i : LANES;
        int32_t cell[3][LANES];
        float fraction[3][LANES];
        int32_t inside[LANES];
        for (int l = 0; l < LANES; l++) inside[l] = 1;
        for (int a = 0; a < 3; a++) {
            const int32_t last = (int32_t)shape[a] - 1;
            for (int l = 0; l < LANES; l++) {
                double index = line->start[a] + (double)(int32_t)(i + (size_t)l) * line->step[a];
                index = index > -67108864.0 ? index : -67108864.0;
                index = index < 67108864.0 ? index : 67108864.0;
                const double biased = index + FIXED_BIAS;
                int64_t bits;
                memcpy(&bits, &biased, sizeof bits);
                bits -= bias;
                const int32_t whole = (int32_t)(bits >> 24);
                const int32_t part = (int32_t)(bits & (FIXED_ONE - 1));
                const int32_t nearest = whole + (part >= FIXED_ONE / 2);
                inside[l] &= (nearest >= 0) & (nearest <= last);
                cell[a][l] = whole;
                fraction[a][l] = (float)part * (1.0f / FIXED_ONE);
            }
        }
        float corner[8][LANES];
#pragma clang loop vectorize(disable) unroll(disable)
        for (size_t l = 0; l < LANES; l++) {
            if (!inside[l]) {
                for (int c = 0; c < 8; c++) corner[c][l] = outside;
                continue;
            }
            const int64_t x = cell[0][l], y = cell[1][l], z = cell[2][l];
            const float *p = src + (x > 0 ? x : 0) + (y > 0 ? y : 0) * nx + (z > 0 ? z : 0) * nxy;
            const int64_t dx = x >= 0 && x + 1 < shape[0];
            const int64_t dy = y >= 0 && y + 1 < shape[1] ? nx : 0;
            const int64_t dz = z >= 0 && z + 1 < shape[2] ? nxy : 0;
            corner[0][l] = p[0];
            corner[1][l] = p[dx];
            corner[2][l] = p[dy];
            corner[3][l] = p[dy + dx];
            corner[4][l] = p[dz];
            corner[5][l] = p[dz + dx];
            corner[6][l] = p[dz + dy];
            corner[7][l] = p[dz + dy + dx];
        }
        float value[LANES];
        for (int l = 0; l < LANES; l++) {
            const float fx = fraction[0][l], fy = fraction[1][l], fz = fraction[2][l];
            float edge[4], face[2];
            for (int c = 0; c < 4; c++) {
                const float a = corner[2 * c][l], b = corner[2 * c + 1][l];
                edge[c] = fx == 0 ? a : a + fx * (b - a);
            }
            for (int c = 0; c < 2; c++) face[c] = fy == 0 ? edge[2 * c] : edge[2 * c] + fy * (edge[2 * c + 1] - edge[2 * c]);
            value[l] = fz == 0 ? face[0] : face[0] + fz * (face[1] - face[0]);
        }
        /* A constant outside value must not pass through inf - inf. */
        for (size_t l = 0; l < lanes; l++) dst[i + l] = inside[l] ? value[l] : outside;
    }
}

#undef LANES
#undef FIXED_BIAS
#undef FIXED_ONE
#undef TARGET
#undef FN
