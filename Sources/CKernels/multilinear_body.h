/* One level of the models in which a voxel's running integral stands beside its value. */

/* The two fixed columns are taken out of value and integral by their projections; the slope is what the rests share. */
static TARGET void FN(multilinear)(const ck_tile *tile, const ck_integral_frame *frames, double *out) {
    const size_t stride = tile->stride;
    for (size_t v = 0; v < tile->voxels; v += 8) {
        ck_v8d integral = {0}, previous = {0}, squares = {0}, product = {0};
        ck_v8d value1 = {0}, value2 = {0}, integral1 = {0}, integral2 = {0};
        for (size_t f = 0; f < tile->frames; f++) {
            const ck_integral_frame frame = frames[f];
            ck_v8d value;
            CK_LOAD8(value, tile->values + f * stride + v);
            integral = (integral + frame.before * previous) + frame.here * value;
            previous = value;
            if (frame.weight == 0) continue;
            const ck_v8d weighted = frame.weight * integral;
            squares += weighted * integral;
            product += weighted * value;
            value1 += frame.first * value;
            value2 += frame.second * value;
            integral1 += frame.first * integral;
            integral2 += frame.second * integral;
        }
        const ck_v8d rest = (squares - integral1 * integral1) - integral2 * integral2;
        const ck_v8d slope = ((product - value1 * integral1) - value2 * integral2) / rest;
        const ck_v8d first = value1 - slope * integral1, second = value2 - slope * integral2;
        const ck_v8d share = rest / squares;
        CK_STORE8(out + v, slope);
        CK_STORE8(out + stride + v, first);
        CK_STORE8(out + 2 * stride + v, second);
        CK_STORE8(out + 3 * stride + v, share);
    }
}

static TARGET void FN(logan)(const ck_tile *tile, const ck_integral_frame *frames, double *out) {
    const size_t stride = tile->stride;
    double total = 0;
    for (size_t f = 0; f < tile->frames; f++) total += frames[f].weight;
    for (size_t v = 0; v < tile->voxels; v += 8) {
        ck_v8d integral = {0}, previous = {0}, sum_x = {0}, sum_y = {0}, sum_xx = {0}, sum_xy = {0};
        ck_v8d lowest = (ck_v8d){0} + __builtin_inf();
        for (size_t f = 0; f < tile->frames; f++) {
            const ck_integral_frame frame = frames[f];
            ck_v8d value;
            CK_LOAD8(value, tile->values + f * stride + v);
            integral = (integral + frame.before * previous) + frame.here * value;
            previous = value;
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
        CK_STORE8(out + stride + v, intercept);
        CK_STORE8(out + 2 * stride + v, share);
        CK_STORE8(out + 3 * stride + v, lowest);
    }
}

#undef TARGET
#undef FN
