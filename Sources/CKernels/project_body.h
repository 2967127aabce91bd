/* One level of the fixed sums over frames: two sums of 16 voxels stay in registers while the frames go by. */
static TARGET void FN(project)(const ck_tile *tile, const double *coefficients, double *out) {
    for (size_t v = 0; v < tile->voxels; v += CK_TILE_LANES) {
        ck_v8d first_low = {0}, first_high = {0}, second_low = {0}, second_high = {0};
        const float *value = tile->values + v;
        for (size_t f = 0; f < tile->frames; f++, value += tile->stride) {
            ck_v8d low, high;
            CK_LOAD8(low, value);
            CK_LOAD8(high, value + 8);
            const double a = coefficients[2 * f], b = coefficients[2 * f + 1];
            first_low += a * low;
            first_high += a * high;
            second_low += b * low;
            second_high += b * high;
        }
        CK_STORE8(out + v, first_low);
        CK_STORE8(out + v + 8, first_high);
        CK_STORE8(out + tile->stride + v, second_low);
        CK_STORE8(out + tile->stride + v + 8, second_high);
    }
}

#undef TARGET
#undef FN
