#include "header.hpp"

#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <cstring>
#include <memory>
#include <mutex>
#include <vector>

namespace {

// Sequences nested deeper than this are refused: DCMTK reads them by recursion, which a crafted file turns into a crash.
const size_t deepestNesting = 32;

// (7FE0,0010), little endian.
const uint8_t pixelTag[4] = {0xE0, 0x7F, 0x10, 0x00};

void prepareLibrary() {
    static std::once_flag once;
    std::call_once(once, [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs(EDC_never);
        // Vendor dictionaries are not needed: private text is read as bytes.
        dcmEnableUnknownVRConversion.set(OFFalse);
    });
}

uint32_t word(const uint8_t *p) { return uint32_t(p[0]) | uint32_t(p[1]) << 8 | uint32_t(p[2]) << 16 | uint32_t(p[3]) << 24; }

// Whether sequence items nest too deeply, judged from the item tags alone, in either byte order.
bool nestsTooDeeply(const uint8_t *bytes, size_t count) {
    std::vector<size_t> ends;
    for (size_t at = 0; at + 8 <= count; ++at) {
        const void *hit = std::memchr(bytes + at, 0xFE, count - at - 7);
        if (hit == nullptr) break;
        at = size_t(static_cast<const uint8_t *>(hit) - bytes);
        const uint8_t *tag = bytes + at;
        bool little = tag[1] == 0xFF && tag[3] == 0xE0, item = little && tag[2] == 0x00, end = little && tag[2] == 0x0D;
        uint32_t length = word(tag + 4);
        if (at > 0 && tag[-1] == 0xFF && tag[0] == 0xFE && tag[1] == 0xE0) {  // big endian
            item = item || tag[2] == 0x00;
            end = end || tag[2] == 0x0D;
            if (at + 7 <= count) length = uint32_t(tag[3]) << 24 | uint32_t(tag[4]) << 16 | uint32_t(tag[5]) << 8 | tag[6];
        }
        if (!item && !end) continue;
        while (!ends.empty() && ends.back() <= at) ends.pop_back();
        if (end) {
            if (!ends.empty()) ends.pop_back();
            continue;
        }
        ends.push_back(length == 0xFFFFFFFFu ? SIZE_MAX : at + 8 + length);
        if (ends.size() > deepestNesting) return true;
    }
    return false;
}

// Notes where the pixels lie, where parsing stopped behind the tag and length of the pixel element, at `value`.
void noteNativePixels(cdicom_header &header, const uint8_t *bytes, size_t count, size_t value) {
    const bool explicitVR = header.syntax == EXS_LittleEndianExplicit;
    if (!explicitVR && header.syntax != EXS_LittleEndianImplicit) return;
    const size_t prefix = explicitVR ? 12 : 8;
    if (value > count || value < prefix) return;
    const size_t at = value - prefix;
    if (std::memcmp(bytes + at, pixelTag, 4) != 0) return;
    if (explicitVR && std::memcmp(bytes + at + 4, "OW", 2) != 0 && std::memcmp(bytes + at + 4, "OB", 2) != 0) return;
    const uint32_t length = word(bytes + at + prefix - 4);
    if (length == 0xFFFFFFFFu) return;
    header.pixelOffset = value;
    header.pixelLength = length;
    header.hasNativePixels = true;
}

// Whether two letters are a value representation.
bool isRepresentation(const uint8_t *letters) {
    static const char known[] = "AEASATCSDADSDTFLFDISLOLTOBOFOWPNSHSLSQSSSTTMUIULUNUSUT";
    for (size_t i = 0; i + 1 < sizeof known; i += 2)
        if (letters[0] == uint8_t(known[i]) && letters[1] == uint8_t(known[i + 1])) return true;
    return false;
}

// With the letters DICM behind a preamble; or, as old archives wrote it, a data set from the first byte: its first
// element is of group 2 or 8, low in the group, and explicit or of a length that fits.
bool looksLikeDICOM(const uint8_t *bytes, size_t count) {
    if (count >= 132 && std::memcmp(bytes + 128, "DICM", 4) == 0) return true;
    if (count < 128) return false;
    const bool little = (bytes[0] == 2 || bytes[0] == 8) && bytes[1] == 0 && bytes[3] == 0 && bytes[2] <= 0x18;
    const bool big = bytes[0] == 0 && bytes[1] == 8 && bytes[2] == 0 && bytes[3] <= 0x18;
    if (!little && !big) return false;
    return isRepresentation(bytes + 4) || (little && word(bytes + 4) <= 64);
}

// A guess at where the header ends: behind the prefix of the first pixel element that fills much of the file.
// A wrong guess costs a second look, not a wrong answer.
size_t likelyHeaderEnd(const uint8_t *bytes, size_t count) {
    size_t at = 0;
    while (at + 12 <= count) {
        const void *hit = memmem(bytes + at, count - at, pixelTag, 4);
        if (hit == nullptr) break;
        at = size_t(static_cast<const uint8_t *>(hit) - bytes);
        if (at + 12 > count) break;
        const bool explicitVR = bytes[at + 4] == 'O' && (bytes[at + 5] == 'W' || bytes[at + 5] == 'B');
        const size_t prefix = explicitVR ? 12 : 8;
        const uint32_t length = word(bytes + at + prefix - 4);
        if (length <= count - at - prefix && length > (count - at) / 2) return at + prefix;
        at += 4;
    }
    return count;
}

// The sequences inside a functional group whose elements describe a frame. Those of converted images come last, so that
// what the converter understood comes before what it only kept.
const DcmTagKey groupSequences[] = {
    DcmTagKey(0x0020, 0x9113), DcmTagKey(0x0020, 0x9116), DcmTagKey(0x0028, 0x9110), DcmTagKey(0x0028, 0x9145),
    DcmTagKey(0x0020, 0x9111), DcmTagKey(0x0062, 0x000A), DcmTagKey(0x0018, 0x9736), DcmTagKey(0x0018, 0x9751),
    DcmTagKey(0x0040, 0x9096), DcmTagKey(0x0020, 0x9170), DcmTagKey(0x0020, 0x9171),
};

std::vector<DcmItem *> groupItems(DcmItem *group) {
    std::vector<DcmItem *> items;
    for (const DcmTagKey &key : groupSequences) {
        DcmItem *item = nullptr;
        if (group->findAndGetSequenceItem(key, item, 0).good() && item != nullptr) items.push_back(item);
    }
    return items;
}

void noteFunctionalGroups(cdicom_header &header) {
    DcmSequenceOfItems *frames = nullptr;
    if (header.dataset()->findAndGetSequence(DcmTagKey(0x5200, 0x9230), frames).bad() || frames == nullptr) return;
    DcmItem *shared = nullptr;
    if (header.dataset()->findAndGetSequenceItem(DcmTagKey(0x5200, 0x9229), shared, 0).bad()) shared = nullptr;
    header.groups.push_back(shared != nullptr ? groupItems(shared) : std::vector<DcmItem *>());
    for (DcmObject *frame = frames->nextInContainer(nullptr); frame != nullptr; frame = frames->nextInContainer(frame))
        header.groups.push_back(groupItems(OFstatic_cast(DcmItem *, frame)));
}

// Reads the header in the first `count` bytes; nullptr with the reason.
cdicom_header *parse(const uint8_t *bytes, size_t count, int whole, char *error, size_t capacity) {
    if (nestsTooDeeply(bytes, count)) {
        fail(error, capacity, "its sequences are nested more than 32 deep; the file is damaged");
        return nullptr;
    }
    std::unique_ptr<cdicom_header> header(new cdicom_header);
    DcmInputBufferStream stream;
    stream.setBuffer(bytes, offile_off_t(count));
    stream.setEos();
    header->file.transferInit();
    OFCondition status = whole
        ? header->file.read(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength)
        : header->file.readUntilTag(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength, DCM_PixelData);
    header->file.transferEnd();
    if (status.bad()) {
        fail(error, capacity, (std::string("the header cannot be read: ") + status.text()).c_str());
        return nullptr;
    }
    header->syntax = header->dataset()->getOriginalXfer();
    OFString uid;
    if (header->file.getMetaInfo()->findAndGetOFString(DCM_TransferSyntaxUID, uid).good()) header->syntaxUID = uid.c_str();
    if (!whole) noteNativePixels(*header, bytes, count, size_t(stream.tell()));
    noteFunctionalGroups(*header);
    return header.release();
}

}  // namespace

int cdicom_is_dicom(const uint8_t *bytes, size_t count) { return looksLikeDICOM(bytes, count) ? 1 : 0; }

cdicom_header *cdicom_parse(const uint8_t *bytes, size_t count, int whole, char *error, size_t capacity) {
    return guarded(error, capacity, static_cast<cdicom_header *>(nullptr), [&]() -> cdicom_header * {
        prepareLibrary();
        if (!dcmDataDict.isDictionaryLoaded()) {
            fail(error, capacity, "the DICOM data dictionary of DCMTK (libdcmtk) is not installed or cannot be read");
            return nullptr;
        }
        if (!looksLikeDICOM(bytes, count)) {
            fail(error, capacity, "this is not a DICOM file: the letters DICM are missing at byte 128");
            return nullptr;
        }
        if (!whole) {
            const size_t end = likelyHeaderEnd(bytes, count);
            cdicom_header *header = end < count ? parse(bytes, end, 0, error, capacity) : nullptr;
            if (header != nullptr && header->hasNativePixels) return header;
            cdicom_free(header);
        }
        return parse(bytes, count, whole, error, capacity);
    });
}

void cdicom_free(cdicom_header *header) {
    guarded(nullptr, 0, 0, [&] { delete header; return 0; });
}

const char *cdicom_transfer_syntax(const cdicom_header *header) { return header->syntaxUID.c_str(); }

int cdicom_native_pixels(const cdicom_header *header, size_t *offset, size_t *length) {
    if (!header->hasNativePixels) return -1;
    *offset = header->pixelOffset;
    *length = header->pixelLength;
    return 0;
}

namespace {

// Text of an element; private elements without a known type come as bytes.
bool textOf(DcmElement *element, OFString &text) {
    const DcmEVR vr = element->getVR();
    if (vr == EVR_UN || vr == EVR_OB || vr == EVR_UNKNOWN) {
        Uint8 *bytes = nullptr;
        if (element->getLength() > 65536 || element->getUint8Array(bytes).bad() || bytes == nullptr) return false;
        text.assign(reinterpret_cast<const char *>(bytes), element->getLength());
        return true;
    }
    return element->getOFStringArray(text).good();
}

}  // namespace

namespace {

// The text of the element at the end of `path` below `item`, written to `out`; its length, or -1 where there is none.
long textAt(DcmItem *item, const uint32_t *path, size_t count, char *out, size_t capacity) {
    size_t at = 0;
    for (; at + 5 <= count && item != nullptr; at += 3) {
        DcmItem *inner = nullptr;
        const DcmTagKey key = DcmTagKey(Uint16(path[at]), Uint16(path[at + 1]));
        if (item->findAndGetSequenceItem(key, inner, long(path[at + 2])).bad()) return -1;
        item = inner;
    }
    if (item == nullptr || at + 2 != count) return -1;
    DcmElement *element = nullptr;
    const DcmTagKey key = DcmTagKey(Uint16(path[at]), Uint16(path[at + 1]));
    OFString text;
    if (item->findAndGetElement(key, element).bad() || element == nullptr || !textOf(element, text)) return -1;
    const size_t copied = capacity == 0 ? 0 : std::min(text.size(), capacity - 1);
    if (capacity > 0) {
        std::memcpy(out, text.data(), copied);
        out[copied] = 0;
    }
    return long(text.size());
}

}  // namespace

long cdicom_string(const cdicom_header *header, const uint32_t *path, size_t count, char *out, size_t capacity) {
    return guarded(nullptr, 0, -1L, [&]() -> long {
        DcmItem *item = header->dataset();
        if (count == 2 && path[0] == 0x0002) item = const_cast<DcmFileFormat &>(header->file).getMetaInfo();
        return textAt(item, path, count, out, capacity);
    });
}

long cdicom_frames(const cdicom_header *header) { return header->groups.empty() ? 0 : long(header->groups.size()) - 1; }

long cdicom_frame_string(
    const cdicom_header *header, long frame, const uint32_t *path, size_t count, char *out, size_t capacity
) {
    return guarded(nullptr, 0, -1L, [&]() -> long {
        if (frame < -1 || frame >= cdicom_frames(header)) return -1;
        for (DcmItem *item : header->groups[size_t(frame + 1)]) {
            const long length = textAt(item, path, count, out, capacity);
            if (length > 0) return length;
        }
        return -1;
    });
}

long cdicom_items(const cdicom_header *header, uint32_t group, uint32_t element) {
    return guarded(nullptr, 0, 0L, [&]() -> long {
        DcmSequenceOfItems *items = nullptr;
        const DcmTagKey key = DcmTagKey(Uint16(group), Uint16(element));
        if (header->dataset()->findAndGetSequence(key, items).bad() || items == nullptr) return 0;
        return long(items->card());
    });
}
