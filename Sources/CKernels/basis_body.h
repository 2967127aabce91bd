/* One level of the search over rates: four rates of eight voxels at a time, their curves in double once. */
static TARGET void FN(basis_search)(const ck_tile *tile, const ck_basis *basis, double *out, double *scratch) {
    const size_t row = tile->voxels, frames = tile->frames;
    double *curves = scratch, *projections = scratch + 8 * frames;
    for (size_t v = 0; v < tile->voxels; v += 8) {
        ck_v8d fixed = {0}, squares = {0};
        for (size_t f = 0; f < frames; f++) {
            ck_v8d value;
            CK_LOAD8(value, tile->values + f * tile->stride + v);
            __builtin_prefetch(tile->values + f * tile->stride + v + CK_AHEAD);
            CK_STORE8(curves + 8 * f, value);
            fixed += basis->fixed[f] * value;
            squares += (basis->weights[f] * value) * value;
        }
        for (size_t j = 0; j < basis->rates; j += 4) {
            const double *unit = basis->units + j * frames;
            ck_v8d a = {0}, b = {0}, c = {0}, d = {0};
            for (size_t f = 0; f < frames; f++, unit += 4) {
                ck_v8d value;
                memcpy(&value, curves + 8 * f, sizeof value);
                a += unit[0] * value;
                b += unit[1] * value;
                c += unit[2] * value;
                d += unit[3] * value;
            }
            CK_STORE8(projections + 8 * j, a);
            CK_STORE8(projections + 8 * j + 8, b);
            CK_STORE8(projections + 8 * j + 16, c);
            CK_STORE8(projections + 8 * j + 24, d);
        }
        ck_v8d best = {0}, largest = {0};
        for (size_t j = 0; j < basis->count; j++) {
            ck_v8d projection;
            memcpy(&projection, projections + 8 * j, sizeof projection);
            const ck_v8d square = projection * projection;
            const ck_v8i larger = square > largest;
            largest = (ck_v8d)((larger & (ck_v8i)square) | (~larger & (ck_v8i)largest));
            const ck_v8d place = (ck_v8d){0} + (double)j;
            best = (ck_v8d)((larger & (ck_v8i)place) | (~larger & (ck_v8i)best));
        }
        double bests[8];
        CK_STORE8(bests, best);
        for (size_t lane = 0; lane < 8; lane++) {
            const size_t j = (size_t)bests[lane], last = basis->count - 1;
            double place = bests[lane], value = projections[8 * j + lane];
            if (j > 0 && j < last) {
                size_t first = j < 2 ? 0 : j - 2;
                first = first + 5 > last ? last - 5 : first;
                place = ck_extremum(projections + 8 * first + lane, 8, place, (double)first, &value);
            }
            out[v + lane] = place;
            out[row + v + lane] = value;
        }
        CK_STORE8(out + 2 * row + v, fixed);
        CK_STORE8(out + 3 * row + v, squares);
    }
}

#undef TARGET
#undef FN
