#include "header.hpp"

#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>

#include <cstring>
#include <vector>

namespace {

bool isJPEG2000(E_TransferSyntax syntax) { return syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000; }

// The code of a single frame: all fragments after the offset table, in order.
std::vector<uint8_t> fragmentsOf(DcmPixelSequence *sequence) {
    std::vector<uint8_t> code;
    for (unsigned long i = 1; i < sequence->card(); ++i) {
        DcmPixelItem *fragment = nullptr;
        Uint8 *bytes = nullptr;
        if (sequence->getItem(fragment, i).bad() || fragment == nullptr || fragment->getLength() == 0) continue;
        if (fragment->getUint8Array(bytes).bad() || bytes == nullptr) continue;
        code.insert(code.end(), bytes, bytes + fragment->getLength());
    }
    return code;
}

}  // namespace

int cdicom_decode(const cdicom_header *header, uint8_t *out, size_t capacity, char *error, size_t errorCapacity) {
    return guarded(error, errorCapacity, -1, [&]() -> int {
        auto refuse = [&](const char *reason) { fail(error, errorCapacity, reason); return -1; };
        DcmDataset *dataset = header->dataset();
        const long rows = numberOf(dataset, DCM_Rows), columns = numberOf(dataset, DCM_Columns);
        const long bits = numberOf(dataset, DCM_BitsAllocated), samples = numberOf(dataset, DCM_SamplesPerPixel);
        if (rows <= 0 || columns <= 0 || samples > 1 || (bits != 8 && bits != 16 && bits != 32))
            return refuse("its pixels are not 8, 16 or 32 bit greyscale");
        const size_t needed = size_t(rows) * size_t(columns) * size_t(bits / 8);
        if (needed != capacity) return refuse("its pixel size is not the one the header gave before");

        DcmElement *element = nullptr;
        if (dataset->findAndGetElement(DCM_PixelData, element).bad() || element == nullptr)
            return refuse("it has no pixel data");
        auto *pixels = OFreinterpret_cast(DcmPixelData *, element);
        if (element->ident() != EVR_PixelData) return refuse("its pixel data are of an unknown kind");

        if (isJPEG2000(header->syntax)) {
            DcmPixelSequence *sequence = nullptr;
            E_TransferSyntax syntax = EXS_Unknown;
            const DcmRepresentationParameter *parameter = nullptr;
            pixels->getOriginalRepresentationKey(syntax, parameter);
            if (pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).bad() || sequence == nullptr)
                return refuse("its JPEG 2000 code cannot be found");
            const std::vector<uint8_t> code = fragmentsOf(sequence);
            return decodeJPEG2000(code.data(), code.size(), rows, columns, int(bits / 8), out, error, errorCapacity);
        }
        Uint32 fragment = 0;
        OFString colour;
        std::vector<uint8_t> padded(needed + (needed & 1));  // DCMTK wants an even length
        OFCondition status = pixels->getUncompressedFrame(
            dataset, 0, fragment, padded.data(), Uint32(padded.size()), colour, nullptr);
        if (status.bad()) {
            return refuse((std::string("its pixels cannot be decoded: ") + status.text()).c_str());
        }
        std::memcpy(out, padded.data(), needed);
        return 0;
    });
}
