#include "header.hpp"

#include <charls/charls.h>

#include <cstring>
#include <memory>

// CharLS 2 needs three quarters of the time of its first version, which DCMTK carries, and reads code of 7 bits.
int decodeJPEGLS(
    const uint8_t *code, size_t count, long rows, long columns, int bytesPerPixel, uint8_t *out, char *error,
    size_t capacity
) {
    auto good = [](charls_jpegls_errc code) { return code == charls::jpegls_errc::success; };
    auto refuse = [&](const char *reason) { fail(error, capacity, reason); return -1; };
    using Decoder = std::unique_ptr<charls_jpegls_decoder, void (*)(const charls_jpegls_decoder *)>;
    Decoder decoder(charls_jpegls_decoder_create(), charls_jpegls_decoder_destroy);
    if (!decoder) return refuse("the JPEG-LS decoder could not be started");
    charls_frame_info frame{};
    if (!good(charls_jpegls_decoder_set_source_buffer(decoder.get(), code, count))
        || !good(charls_jpegls_decoder_read_header(decoder.get()))
        || !good(charls_jpegls_decoder_get_frame_info(decoder.get(), &frame)))
        return refuse("its JPEG-LS code is damaged");
    const int bytesOfCode = frame.bits_per_sample > 8 ? 2 : 1;
    if (frame.width != uint32_t(columns) || frame.height != uint32_t(rows) || frame.component_count != 1
        || bytesOfCode > bytesPerPixel)
        return refuse("its JPEG-LS code has another size than its header");
    const size_t pixels = size_t(rows) * size_t(columns);
    if (!good(charls_jpegls_decoder_decode_to_buffer(decoder.get(), out, pixels * size_t(bytesOfCode), 0)))
        return refuse("its JPEG-LS code is damaged");
    // Codes of fewer bits than the header allocates are spread, from the end.
    for (size_t i = pixels; bytesOfCode < bytesPerPixel && i-- > 0;) {
        uint16_t value = bytesOfCode == 2 ? 0 : out[i];
        if (bytesOfCode == 2) std::memcpy(&value, out + 2 * i, 2);
        std::memset(out + i * size_t(bytesPerPixel), 0, size_t(bytesPerPixel));
        std::memcpy(out + i * size_t(bytesPerPixel), &value, bytesPerPixel == 1 ? 1 : 2);
    }
    return 0;
}
