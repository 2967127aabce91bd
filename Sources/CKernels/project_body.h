/* One level of the fixed sums over frames: the sums of 16 voxels stay in registers while the frames go by. */
static TARGET size_t FN(project)(const ck_tile *tile, const double *coefficients, const ck_result *result) {
    const ck_result r = *result;
    const int both = r.row[1] != NULL;
    ck_v8w overflows = {0};
    for (size_t v = 0; v < tile->voxels; v += CK_TILE_LANES) {
        ck_v8d first[2] = {{0}, {0}}, second[2] = {{0}, {0}};
        const float *value = tile->values + v;
        for (size_t f = 0; f < tile->frames; f++, value += tile->stride) {
            ck_v8d low, high;
            CK_LOAD8(low, value);
            CK_LOAD8(high, value + 8);
            __builtin_prefetch(value + CK_AHEAD);
            first[0] = CK_FMA(coefficients[2 * f], low, first[0]);
            first[1] = CK_FMA(coefficients[2 * f], high, first[1]);
            if (both) {
                second[0] = CK_FMA(coefficients[2 * f + 1], low, second[0]);
                second[1] = CK_FMA(coefficients[2 * f + 1], high, second[1]);
            }
        }
        for (size_t half = 0; half < 2; half++) {
            const ck_v8f narrow = __builtin_convertvector(first[half], ck_v8f);
            const ck_v8w finite = narrow - narrow == 0;
            const ck_v8b code = __builtin_convertvector(~finite & r.overflow, ck_v8b);
            memcpy(r.codes + v + 8 * half, &code, sizeof code);
            overflows -= ~finite;
            CK_STORE_ROW(r, 0, v + 8 * half, first[half], finite);
            CK_STORE_ROW(r, 1, v + 8 * half, second[half], finite);
        }
    }
    size_t count = 0;
    for (int lane = 0; lane < 8; lane++) count += (size_t)overflows[lane];
    return count;
}

#undef TARGET
#undef FN
