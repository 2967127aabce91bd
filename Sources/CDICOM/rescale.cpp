#include "CDICOM.h"

#include <cstring>

// No fused multiply-add: the same bits on every machine.
#pragma STDC FP_CONTRACT OFF

namespace {

// All bits of a pixel are its value.
template <class Pixel>
void rescaleFull(const uint8_t *pixels, size_t count, double slope, double intercept, float *out) {
    for (size_t i = 0; i < count; ++i) {
        Pixel pixel;
        std::memcpy(&pixel, pixels + i * sizeof(Pixel), sizeof(Pixel));
        out[i] = float(double(pixel) * slope + intercept);
    }
}

// Some of the bits are: shifted up so that the sign bit comes first, then down.
template <class Signed, class Unsigned>
void rescaleBits(
    const uint8_t *pixels, size_t count, int stored, int high, bool isSigned, double slope, double intercept, float *out
) {
    const int width = int(sizeof(Unsigned)) * 8, up = width - 1 - high, down = width - stored;
    for (size_t i = 0; i < count; ++i) {
        Unsigned pixel;
        std::memcpy(&pixel, pixels + i * sizeof(Unsigned), sizeof(Unsigned));
        pixel = Unsigned(pixel << up);
        const double value = isSigned ? double(Signed(Signed(pixel) >> down)) : double(Unsigned(pixel >> down));
        out[i] = float(value * slope + intercept);
    }
}

template <class Signed, class Unsigned>
void rescaleAs(
    const uint8_t *pixels, size_t count, int stored, int high, bool isSigned, double slope, double intercept, float *out
) {
    const bool full = stored == int(sizeof(Unsigned)) * 8;
    if (full && isSigned) rescaleFull<Signed>(pixels, count, slope, intercept, out);
    else if (full) rescaleFull<Unsigned>(pixels, count, slope, intercept, out);
    else rescaleBits<Signed, Unsigned>(pixels, count, stored, high, isSigned, slope, intercept, out);
}

}  // namespace

void cdicom_rescale(
    const uint8_t *pixels, size_t count, int bitsAllocated, int bitsStored, int highBit, int isSigned, double slope,
    double intercept, float *out
) {
    const bool sign = isSigned != 0;
    if (bitsAllocated == 8) rescaleAs<int8_t, uint8_t>(pixels, count, bitsStored, highBit, sign, slope, intercept, out);
    if (bitsAllocated == 16) rescaleAs<int16_t, uint16_t>(pixels, count, bitsStored, highBit, sign, slope, intercept, out);
    if (bitsAllocated == 32) rescaleAs<int32_t, uint32_t>(pixels, count, bitsStored, highBit, sign, slope, intercept, out);
}
