#include "header.hpp"

#include <dcmtk/dcmdata/dccodec.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrledec.h>

#include <cstring>
#include <vector>

namespace {

bool isJPEG2000(E_TransferSyntax syntax) { return syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000; }
bool isJPEGLS(E_TransferSyntax syntax) { return syntax == EXS_JPEGLSLossless || syntax == EXS_JPEGLSLossy; }

// The code of one frame: its fragments, in order. Fragments are told to frames by the offset table or, where every frame
// has one, by count.
bool fragmentsOf(DcmPixelSequence *sequence, Uint32 frame, long frames, std::vector<uint8_t> &code) {
    Uint32 first = 1, end = Uint32(sequence->card());
    if (frames > 1) {
        if (DcmCodec::determineStartFragment(frame, Sint32(frames), sequence, first).bad()) return false;
        Uint32 next = end;
        if (long(frame) + 1 < frames
            && DcmCodec::determineStartFragment(frame + 1, Sint32(frames), sequence, next).good())
            end = next;
    }
    for (Uint32 i = first; i < end; ++i) {
        DcmPixelItem *fragment = nullptr;
        Uint8 *bytes = nullptr;
        if (sequence->getItem(fragment, i).bad() || fragment == nullptr || fragment->getLength() == 0) continue;
        if (fragment->getUint8Array(bytes).bad() || bytes == nullptr) continue;
        code.insert(code.end(), bytes, bytes + fragment->getLength());
    }
    return true;
}

// A frame of RLE: up to 15 segments, one for each byte of a pixel from the highest down, or one of packed bits. DCMTK's codec
// follows a segment's place out of the frame and takes whole bytes only, so the places are checked here and its decoder is
// given one segment at a time.
bool decodeRLE(const std::vector<uint8_t> &code, size_t pixels, size_t bytes, bool packedBits, uint8_t *out) {
    auto word = [&](size_t at) {
        return uint32_t(code[at]) | uint32_t(code[at + 1]) << 8 | uint32_t(code[at + 2]) << 16 | uint32_t(code[at + 3]) << 24;
    };
    if (code.size() < 64 || word(0) != bytes) return false;
    const size_t length = packedBits ? (pixels + 7) / 8 : pixels;
    for (size_t plane = 0; plane < bytes; ++plane) {
        const size_t start = word(4 + 4 * plane), end = plane + 1 < bytes ? word(8 + 4 * plane) : code.size();
        if (start < 64 || end > code.size() || start > end) return false;
        std::vector<uint8_t> segment(code.begin() + long(start), code.begin() + long(end));
        DcmRLEDecoder decoder(length + 1);  // room for the byte that makes the length even
        // A last byte of padding makes the decoder ask for more; what counts is how much came out.
        (void)decoder.decompress(segment.data(), segment.size());
        if (decoder.size() < length) return false;
        const auto *decoded = static_cast<const uint8_t *>(decoder.getOutputBuffer());
        if (packedBits) {
            cdicom_unpack(decoded, 0, pixels, out);
        } else {
            for (size_t i = 0; i < pixels; ++i) out[i * bytes + (bytes - 1 - plane)] = decoded[i];
        }
    }
    return true;
}

}  // namespace

void cdicom_unpack(const uint8_t *bits, size_t first, size_t count, uint8_t *out) {
    for (size_t i = 0; i < count; ++i) out[i] = uint8_t(bits[(first + i) >> 3] >> ((first + i) & 7) & 1);
}

int cdicom_decode(
    const cdicom_header *header, long frame, uint8_t *out, size_t capacity, char *error, size_t errorCapacity
) {
    return guarded(error, errorCapacity, -1, [&]() -> int {
        auto refuse = [&](const char *reason) { fail(error, errorCapacity, reason); return -1; };
        DcmDataset *dataset = header->dataset();
        const long rows = numberOf(dataset, DCM_Rows), columns = numberOf(dataset, DCM_Columns);
        const long bits = numberOf(dataset, DCM_BitsAllocated), samples = numberOf(dataset, DCM_SamplesPerPixel);
        if (rows <= 0 || columns <= 0 || samples > 1 || (bits != 1 && bits != 8 && bits != 16 && bits != 32))
            return refuse("its pixels are not 1, 8, 16 or 32 bit greyscale");
        const size_t bytes = bits == 1 ? 1 : size_t(bits / 8), needed = size_t(rows) * size_t(columns) * bytes;
        if (needed != capacity) return refuse("its pixel size is not the one the header gave before");
        Sint32 frames = 1;
        if (dataset->findAndGetSint32(DCM_NumberOfFrames, frames).bad() || frames < 1) frames = 1;
        if (frame < 0 || frame >= frames) return refuse("it has fewer frames than its header says");

        DcmElement *element = nullptr;
        if (dataset->findAndGetElement(DCM_PixelData, element).bad() || element == nullptr)
            return refuse("it has no pixel data");
        if (element->ident() != EVR_PixelData) return refuse("its pixel data are of an unknown kind");
        auto *pixels = OFreinterpret_cast(DcmPixelData *, element);

        if (isJPEG2000(header->syntax) || (isJPEGLS(header->syntax) && bits > 1) || header->syntax == EXS_RLELossless) {
            DcmPixelSequence *sequence = nullptr;
            E_TransferSyntax syntax = EXS_Unknown;
            const DcmRepresentationParameter *parameter = nullptr;
            pixels->getOriginalRepresentationKey(syntax, parameter);
            std::vector<uint8_t> code;
            if (pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).bad() || sequence == nullptr
                || !fragmentsOf(sequence, Uint32(frame), frames, code))
                return refuse("the code of a frame cannot be found");
            if (isJPEG2000(header->syntax))
                return decodeJPEG2000(
                    code.data(), code.size(), rows, columns, int(bytes),
                    numberOf(dataset, DCM_PixelRepresentation) == 1, out, error, errorCapacity);
            if (isJPEGLS(header->syntax))
                return decodeJPEGLS(code.data(), code.size(), rows, columns, int(bytes), out, error, errorCapacity);
            const size_t count = size_t(rows) * size_t(columns);
            return decodeRLE(code, count, bytes, bits == 1, out) ? 0 : refuse("its RLE code is damaged");
        }
        if (bits == 1) return refuse("its one-bit pixels are stored in a way that is not read");
        // Native frames behind the first are found by their place; the element must hold them.
        Uint32 fragment = 0;
        OFString colour;
        std::vector<uint8_t> padded(needed + (needed & 1));  // DCMTK wants an even length
        OFCondition status = pixels->getUncompressedFrame(
            dataset, Uint32(frame), fragment, padded.data(), Uint32(padded.size()), colour, nullptr);
        if (status.bad()) {
            return refuse((std::string("its pixels cannot be decoded: ") + status.text()).c_str());
        }
        std::memcpy(out, padded.data(), needed);
        return 0;
    });
}
