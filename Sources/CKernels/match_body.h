/* One level of what a comparison of two images does at each point: the moving image's value, and a window added to the
   joint histogram. Points are worked on POINTS at a time, step by step, so that every step but the loads of corners and
   the sums of the histogram runs in full lanes. */
#define POINTS 64

static TARGET void FN(point_values)(const float *restrict src, const ck_points *points, float *restrict dst, size_t n) {
    const float *restrict map = points->map;
    const int32_t nx = points->shape[0] + 1, nxy = nx * (points->shape[1] + 1);
    const float lastx = (float)(points->shape[0] - 1), lasty = (float)(points->shape[1] - 1),
                lastz = (float)(points->shape[2] - 1);
    for (size_t first = 0; first < n; first += POINTS) {
        const size_t count = n - first < POINTS ? n - first : POINTS;
        const float *restrict px = points->x + first, *restrict py = points->y + first, *restrict pz = points->z + first;
        int32_t base[POINTS], inside[POINTS];
        float tx[POINTS], ty[POINTS], tz[POINTS], corner[8][POINTS];
        for (size_t i = 0; i < count; i++) {
            const float x = map[0] + map[1] * px[i] + map[2] * py[i] + map[3] * pz[i];
            const float y = map[4] + map[5] * px[i] + map[6] * py[i] + map[7] * pz[i];
            const float z = map[8] + map[9] * px[i] + map[10] * py[i] + map[11] * pz[i];
            const int32_t in = (x >= 0) & (x <= lastx) & (y >= 0) & (y <= lasty) & (z >= 0) & (z <= lastz);
            const float cx = in ? x : 0, cy = in ? y : 0, cz = in ? z : 0;
            const int32_t ix = (int32_t)cx, iy = (int32_t)cy, iz = (int32_t)cz;
            inside[i] = in;
            base[i] = ix + iy * nx + iz * nxy;
            tx[i] = cx - (float)ix;
            ty[i] = cy - (float)iy;
            tz[i] = cz - (float)iz;
        }
#pragma clang loop vectorize(disable)
        for (size_t i = 0; i < count; i++) {
            const float *p = src + base[i];
            corner[0][i] = p[0];
            corner[1][i] = p[1];
            corner[2][i] = p[nx];
            corner[3][i] = p[nx + 1];
            corner[4][i] = p[nxy];
            corner[5][i] = p[nxy + 1];
            corner[6][i] = p[nxy + nx];
            corner[7][i] = p[nxy + nx + 1];
        }
        for (size_t i = 0; i < count; i++) {
            const float a = corner[0][i] + tx[i] * (corner[1][i] - corner[0][i]);
            const float b = corner[2][i] + tx[i] * (corner[3][i] - corner[2][i]);
            const float c = corner[4][i] + tx[i] * (corner[5][i] - corner[4][i]);
            const float d = corner[6][i] + tx[i] * (corner[7][i] - corner[6][i]);
            const float front = a + ty[i] * (b - a), back = c + ty[i] * (d - c);
            dst[first + i] = inside[i] ? front + tz[i] * (back - front) : NAN;
        }
    }
}

/* A window of four weights lies at any of four places relative to an aligned group of four bins. There is a table for each
   place, so that a sum in memory is always read as the same sixteen bytes that were written last: where neighbouring
   windows overlapped in part, each would wait for the other's store. */
static TARGET size_t FN(add_windows)(const float *restrict values, const uint8_t *restrict rows, size_t n, size_t slots,
                                     size_t height, float *restrict table) {
    typedef float lanes __attribute__((vector_size(16)));
    const int32_t width = (int32_t)(4 * slots), size = (int32_t)(4 * slots * height);
    size_t added = 0;
    for (size_t first = 0; first < n; first += POINTS) {
        const size_t count = n - first < POINTS ? n - first : POINTS;
        float weight[4][POINTS];
        int32_t place[POINTS];
        for (size_t i = 0; i < count; i++) {
            const float value = values[first + i];
            const int32_t in = value == value;
            const float safe = in ? value : 1;
            const int32_t cell = (int32_t)safe, low = cell - 1;
            const float t = safe - (float)cell, s = 1 - t;
            const float w0 = s * s * s * (1.0f / 6), w3 = t * t * t * (1.0f / 6);
            const float w1 = (4 - 3 * (t * t) * (2 - t)) * (1.0f / 6);
            weight[0][i] = w0;
            weight[1][i] = w1;
            weight[2][i] = 1 - w0 - w1 - w3;
            weight[3][i] = w3;
            place[i] = in ? (low & 3) * size + (int32_t)rows[first + i] * width + (low & ~3) : -1;
        }
#pragma clang loop vectorize(disable)
        for (size_t i = 0; i < count; i++) {
            if (place[i] < 0) continue;
            lanes *sum = (lanes *)(table + place[i]);
            *sum += (lanes){weight[0][i], weight[1][i], weight[2][i], weight[3][i]};
            added++;
        }
    }
    return added;
}

#undef POINTS
#undef TARGET
#undef FN
