/* One level of the loops over a recording's samples. Sums go in LANES lanes; the lanes are added first to last, then what is
   left over, value by value. */
#define LANES 16

static TARGET void FN(line_sums)(const double *x, size_t n, double middle, double *out) {
    ck_lanes sum = {0}, slope = {0}, place;
    for (int l = 0; l < LANES; l++) place[l] = (double)l - middle;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        ck_lanes value;
        memcpy(&value, x + i, sizeof value);
        sum += value;
        slope += place * value;
        place += LANES;
    }
    double s = 0, q = 0;
    for (int l = 0; l < LANES; l++) {
        s += sum[l];
        q += slope[l];
    }
    for (; i < n; i++) {
        s += x[i];
        q += ((double)i - middle) * x[i];
    }
    out[0] = s;
    out[1] = q;
}

static TARGET void FN(tapered)(const double *restrict x, const double *restrict taper, size_t n, double offset,
                               double slope, double *restrict out) {
    double place[LANES];
    for (int l = 0; l < LANES; l++) place[l] = l;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int l = 0; l < LANES; l++) {
            out[i + l] = (x[i + l] - (offset + slope * place[l])) * taper[i + l];
            place[l] += LANES;
        }
    for (; i < n; i++) out[i] = (x[i] - (offset + slope * (double)i)) * taper[i];
}

static TARGET void FN(add_power)(const double *restrict z, size_t bins, double scale, double *restrict power) {
    for (size_t b = 0; b < bins; b++) power[b] += (z[2 * b] * z[2 * b] + z[2 * b + 1] * z[2 * b + 1]) * scale;
}

static TARGET void FN(moments)(const double *x, size_t n, double shift, double *out) {
    ck_lanes sum = {0}, squares = {0}, low = {0}, high = {0};
    low += x[0];
    high += x[0];
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        ck_lanes value;
        memcpy(&value, x + i, sizeof value);
        const ck_lanes moved = value - shift;
        sum += moved;
        squares += moved * moved;
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    double s = 0, q = 0, least = low[0], most = high[0];
    for (int l = 0; l < LANES; l++) {
        s += sum[l];
        q += squares[l];
        least = low[l] < least ? low[l] : least;
        most = high[l] > most ? high[l] : most;
    }
    for (; i < n; i++) {
        const double moved = x[i] - shift;
        s += moved;
        q += moved * moved;
        least = x[i] < least ? x[i] : least;
        most = x[i] > most ? x[i] : most;
    }
    out[0] = s;
    out[1] = q;
    out[2] = least;
    out[3] = most;
}

static TARGET int FN(are_below)(const double *x, size_t n, double limit) {
    /* Bits of a magnitude are ordered as the magnitude is, and those of infinity and NaN come last. */
    uint64_t most[LANES] = {0}, bound;
    memcpy(&bound, &limit, sizeof bound);
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        uint64_t bits[LANES];
        memcpy(bits, x + i, sizeof bits);
        for (int l = 0; l < LANES; l++) {
            /* All have the sign bit 0, so that the difference's sign says which is larger. */
            most[l] |= (bound - 1) - (bits[l] & 0x7fffffffffffffff);
        }
    }
    uint64_t any = 0;
    for (int l = 0; l < LANES; l++) any |= most[l];
    for (; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, x + i, sizeof bits);
        any |= (bound - 1) - (bits & 0x7fffffffffffffff);
    }
    return !(any >> 63);
}

static TARGET double FN(product)(const double *a, const double *b, size_t n) {
    double sum[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int l = 0; l < LANES; l++) sum[l] += a[i + l] * b[i + l];
    double s = 0;
    for (int l = 0; l < LANES; l++) s += sum[l];
    for (; i < n; i++) s += a[i] * b[i];
    return s;
}

static TARGET void FN(unpack_tens)(const unsigned char *restrict words, size_t n, double unit, double *restrict x,
                                   double *restrict y, double *restrict z) {
    uint64_t bits;
    memcpy(&bits, &unit, sizeof bits);
    for (size_t i = 0; i < n; i++) {
        uint32_t word;
        memcpy(&word, words + 4 * i, sizeof word);
        /* Once, twice, four and eight times the unit: the word's exponent is added to the unit's. */
        const uint64_t scaled = bits + ((uint64_t)(word >> 30) << 52);
        double scale;
        memcpy(&scale, &scaled, sizeof scale);
        x[i] = (double)((int32_t)(word << 22) >> 22) * scale;
        y[i] = (double)((int32_t)(word << 12) >> 22) * scale;
        z[i] = (double)((int32_t)(word << 2) >> 22) * scale;
    }
}

/* What stands at a place of the sorted values is the largest that no more values than that are below. */
static TARGET double FN(median_of_few)(const double *x, size_t n) {
    double padded[CK_FEW];
    int64_t below[CK_FEW] = {0};
    const size_t room = n <= 16 ? 16 : n <= 24 ? 24 : CK_FEW;
    for (size_t i = 0; i < room; i++) padded[i] = i < n ? x[i] : INFINITY;
    /* How many are below each: eight values at a time stay in registers while all others go by. */
    for (size_t block = 0; block < room; block += 8) {
        double mine[8];
        int64_t count[8] = {0};
        for (int l = 0; l < 8; l++) mine[l] = padded[block + l];
        for (size_t other = 0; other < n; other++) {
            const double value = padded[other];
            for (int l = 0; l < 8; l++) count[l] += value < mine[l] ? 1 : 0;
        }
        for (int l = 0; l < 8; l++) below[block + l] = count[l];
    }
    const int64_t middle = (int64_t)((n - 1) / 2), above = (int64_t)(n / 2);
    double lower[8], upper[8];
    for (int l = 0; l < 8; l++) lower[l] = upper[l] = -INFINITY;
    for (size_t block = 0; block < room; block += 8)
        for (int l = 0; l < 8; l++) {
            const double value = padded[block + l];
            const double low = below[block + l] <= middle ? value : -INFINITY;
            const double high = below[block + l] <= above ? value : -INFINITY;
            lower[l] = low > lower[l] ? low : lower[l];
            upper[l] = high > upper[l] ? high : upper[l];
        }
    double a = lower[0], b = upper[0];
    for (int l = 1; l < 8; l++) {
        a = lower[l] > a ? lower[l] : a;
        b = upper[l] > b ? upper[l] : b;
    }
    return middle == above ? b : (a + b) / 2;
}

#undef LANES
#undef TARGET
#undef FN
