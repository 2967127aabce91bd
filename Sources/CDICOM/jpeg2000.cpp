#include "header.hpp"

#include <openjpeg-2.5/openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace {

struct Source {
    const uint8_t *bytes;
    size_t count, at;
};

OPJ_SIZE_T readSome(void *buffer, OPJ_SIZE_T wanted, void *user) {
    auto *source = static_cast<Source *>(user);
    const size_t got = std::min<size_t>(wanted, source->count - source->at);
    if (got == 0) return OPJ_SIZE_T(-1);
    std::memcpy(buffer, source->bytes + source->at, got);
    source->at += got;
    return got;
}

OPJ_OFF_T skipSome(OPJ_OFF_T wanted, void *user) {
    auto *source = static_cast<Source *>(user);
    if (wanted < 0) return -1;
    const size_t skipped = std::min<size_t>(size_t(wanted), source->count - source->at);
    source->at += skipped;
    return skipped == 0 && wanted > 0 ? -1 : OPJ_OFF_T(skipped);
}

OPJ_BOOL seekTo(OPJ_OFF_T place, void *user) {
    auto *source = static_cast<Source *>(user);
    if (place < 0 || size_t(place) > source->count) return OPJ_FALSE;
    source->at = size_t(place);
    return OPJ_TRUE;
}

void silent(const char *, void *) {}

template <class Pixel>
void store(const OPJ_INT32 *values, size_t count, uint8_t *out) {
    for (size_t i = 0; i < count; ++i) {
        const Pixel pixel = static_cast<Pixel>(values[i]);
        std::memcpy(out + i * sizeof(Pixel), &pixel, sizeof(Pixel));
    }
}

using Codec = std::unique_ptr<opj_codec_t, void (*)(opj_codec_t *)>;
using Stream = std::unique_ptr<opj_stream_t, void (*)(opj_stream_t *)>;
using Image = std::unique_ptr<opj_image_t, void (*)(opj_image_t *)>;

}  // namespace

int decodeJPEG2000(
    const uint8_t *code, size_t count, long rows, long columns, int bytesPerPixel, bool isSigned, uint8_t *out, char *error,
    size_t capacity
) {
    auto refuse = [&](const char *reason) { fail(error, capacity, reason); return -1; };
    if (count < 12) return refuse("its JPEG 2000 code is empty");
    const bool boxed = std::memcmp(code + 4, "jP  ", 4) == 0;
    Codec codec(opj_create_decompress(boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K), opj_destroy_codec);
    Stream stream(opj_stream_create(1 << 16, OPJ_TRUE), opj_stream_destroy);
    if (!codec || !stream) return refuse("the JPEG 2000 decoder could not be started");
    opj_set_info_handler(codec.get(), silent, nullptr);
    opj_set_warning_handler(codec.get(), silent, nullptr);
    opj_set_error_handler(codec.get(), silent, nullptr);

    Source source{code, count, 0};
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), count);
    opj_stream_set_read_function(stream.get(), readSome);
    opj_stream_set_skip_function(stream.get(), skipSome);
    opj_stream_set_seek_function(stream.get(), seekTo);

    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    if (!opj_setup_decoder(codec.get(), &parameters)) return refuse("the JPEG 2000 decoder could not be started");
    opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE);  // cut-off code is an error, not a dim image

    opj_image_t *raw = nullptr;
    if (!opj_read_header(stream.get(), codec.get(), &raw)) return refuse("its JPEG 2000 code is damaged");
    Image image(raw, opj_image_destroy);
    // Compared before decoding, so that what the code promises takes no memory the header did not announce.
    const bool fits = image->numcomps == 1 && image->x1 > image->x0 && image->y1 > image->y0
        && image->x1 - image->x0 == OPJ_UINT32(columns) && image->y1 - image->y0 == OPJ_UINT32(rows)
        && image->comps[0].dx == 1 && image->comps[0].dy == 1 && image->comps[0].prec <= OPJ_UINT32(bytesPerPixel * 8);
    if (!fits) return refuse("its JPEG 2000 code has another size than its header");
    if (!opj_decode(codec.get(), stream.get(), image.get()) || !opj_end_decompress(codec.get(), stream.get())
        || image->comps[0].data == nullptr)
        return refuse("its JPEG 2000 code is damaged");
    const opj_image_comp_t &component = image->comps[0];
    if (component.w != OPJ_UINT32(columns) || component.h != OPJ_UINT32(rows))
        return refuse("its JPEG 2000 code has another size than its header");

    const size_t pixels = size_t(rows) * size_t(columns);
    if (bytesPerPixel == 1) store<uint8_t>(component.data, pixels, out);
    else if (bytesPerPixel == 2) store<uint16_t>(component.data, pixels, out);
    else store<uint32_t>(component.data, pixels, out);
    return (component.sgnd != 0) == isSigned ? 1 : 0;
}
