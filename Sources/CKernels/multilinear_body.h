/* One level of the models in which a voxel's running integral stands beside its value. */

/* The two fixed columns are taken out of value and integral by their projections; the slope is what the rests share. */
static TARGET size_t FN(multilinear)(
    const ck_tile *tile, const ck_integral_frame *frames, const ck_multilinear_columns *columns,
    const ck_result *result) {
    const ck_multilinear_columns c = *columns;
    const ck_result r = *result;
    ck_v8i overflows = {0};
    for (size_t v = 0; v < tile->voxels; v += 8) {
        /* Four lanes at a time: eight would not fit into the registers of AVX2. */
        ck_v4d sums[6][2];
        for (int half = 0; half < 2; half++) {
            ck_v4d begun = {0}, squares = {0}, product = {0};
            ck_v4d value1 = {0}, value2 = {0}, integral1 = {0}, integral2 = {0};
            const float *values = tile->values + v + 4 * half;
            for (size_t f = 0; f < tile->frames; f++, values += tile->stride) {
                const ck_integral_frame *frame = frames + f;
                ck_v4d value;
                CK_LOAD4(value, values);
                __builtin_prefetch(values + CK_AHEAD);
                const ck_v4d integral = CK_FMA4(frame->here, value, begun);
                begun = CK_FMA4(frame->onward, value, begun);
                if (c.weighted && frame->weight == 0) continue;
                const ck_v4d weighted = c.weighted ? frame->weight * integral : integral;
                squares = __builtin_elementwise_fma(weighted, integral, squares);
                product = __builtin_elementwise_fma(weighted, value, product);
                value1 = CK_FMA4(frame->first, value, value1);
                value2 = CK_FMA4(frame->second, value, value2);
                integral1 = CK_FMA4(frame->first, integral, integral1);
                integral2 = CK_FMA4(frame->second, integral, integral2);
            }
            sums[0][half] = squares, sums[1][half] = product;
            sums[2][half] = value1, sums[3][half] = value2;
            sums[4][half] = integral1, sums[5][half] = integral2;
        }
        ck_v8d squares, product, value1, value2, integral1, integral2;
        memcpy(&squares, sums[0], sizeof squares), memcpy(&product, sums[1], sizeof product);
        memcpy(&value1, sums[2], sizeof value1), memcpy(&value2, sums[3], sizeof value2);
        memcpy(&integral1, sums[4], sizeof integral1), memcpy(&integral2, sums[5], sizeof integral2);
        const ck_v8d rest = (squares - integral1 * integral1) - integral2 * integral2;
        const ck_v8d slope = ((product - value1 * integral1) - value2 * integral2) / rest;
        const ck_v8d first = value1 - slope * integral1, second = value2 - slope * integral2;
        const ck_v8d share = rest / squares;
        const ck_v8d gamma3 = second * c.inverse22, gamma1 = (first - c.r12 * gamma3) * c.inverse11;
        const ck_v8d R1 = c.k2_prime ? gamma1 / c.k2_prime : gamma3;
        const ck_v8d BPND = -gamma1 / slope - 1.0;

        const ck_v8f narrow = __builtin_convertvector(BPND, ck_v8f);
        const ck_v8i finite = __builtin_convertvector(narrow - narrow == 0, ck_v8i);
        const ck_v8i number = (share == share) & (slope == slope);
        const ck_v8i few = number & (share <= c.least_share), rising = number & ~few & (slope >= 0);
        const ck_v8i over = ~number | (~few & ~rising & ~finite);
        const ck_v8w solved = __builtin_convertvector(~few & ~rising & ~over, ck_v8w);
        const ck_v8b code = __builtin_convertvector(
            (few & r.not_unique) | (rising & r.no_washout) | (over & r.overflow), ck_v8b);
        memcpy(r.codes + v, &code, sizeof code);
        overflows -= over;
        CK_STORE_ROW(r, 0, v, BPND, solved);
        CK_STORE_ROW(r, 1, v, R1, solved);
        CK_STORE_ROW(r, 2, v, gamma1, solved);
        CK_STORE_ROW(r, 3, v, -slope, solved);
        CK_STORE_ROW(r, 4, v, gamma1 / R1, solved);
    }
    size_t count = 0;
    for (int lane = 0; lane < 8; lane++) count += (size_t)overflows[lane];
    return count;
}

static TARGET void FN(logan)(const ck_tile *tile, const ck_integral_frame *frames, double *out) {
    const size_t row = tile->voxels;
    double total = 0;
    for (size_t f = 0; f < tile->frames; f++) total += frames[f].weight;
    for (size_t v = 0; v < tile->voxels; v += 8) {
        ck_v8d begun = {0}, sum_x = {0}, sum_y = {0}, sum_xx = {0}, sum_xy = {0};
        ck_v8d lowest = (ck_v8d){0} + __builtin_inf();
        const float *values = tile->values + v;
        for (size_t f = 0; f < tile->frames; f++, values += tile->stride) {
            const ck_integral_frame frame = frames[f];
            ck_v8d value;
            CK_LOAD8(value, values);
            __builtin_prefetch(values + CK_AHEAD);
            const ck_v8d integral = CK_FMA(frame.here, value, begun);
            begun = CK_FMA(frame.onward, value, begun);
            if (frame.weight == 0) continue;
            lowest = __builtin_elementwise_min(lowest, value);
            const ck_v8d inverse = 1.0 / value;
            const ck_v8d x = frame.first * inverse, y = integral * inverse;
            const ck_v8d weighted = frame.weight * x;
            sum_x += weighted;
            sum_y += frame.weight * y;
            sum_xx += weighted * x;
            sum_xy += weighted * y;
        }
        const ck_v8d spread = total * sum_xx - sum_x * sum_x;
        const ck_v8d slope = (total * sum_xy - sum_x * sum_y) / spread;
        const ck_v8d intercept = (sum_y - slope * sum_x) / total;
        const ck_v8d share = spread / (total * sum_xx);
        CK_STORE8(out + v, slope);
        CK_STORE8(out + row + v, intercept);
        CK_STORE8(out + 2 * row + v, share);
        CK_STORE8(out + 3 * row + v, lowest);
    }
}

#undef TARGET
#undef FN
