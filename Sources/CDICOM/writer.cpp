#include "header.hpp"
#include "writer.h"

#include <dcmtk/dcmdata/dcostrmb.h>

#include <dcmtk/oflog/oflog.h>

#include <cstdlib>
#include <mutex>

struct cdicom_writer {
    DcmFileFormat file;
};

namespace {

// The item that holds the last element of a path; nullptr where one on the way is no sequence.
DcmItem *holder(DcmItem *item, const uint32_t *path, size_t count) {
    while (count > 2) {
        if (count < 5) return nullptr;
        DcmItem *inner = nullptr;
        const DcmTagKey sequence{Uint16(path[0]), Uint16(path[1])};
        if (item->findOrCreateSequenceItem(sequence, inner, long(path[2])).bad()) return nullptr;
        item = inner;
        path += 3;
        count -= 3;
    }
    return count == 2 ? item : nullptr;
}

}  // namespace

cdicom_writer *cdicom_writer_create(void) {
    // Errors come back as values; the library is not to print them too.
    static std::once_flag once;
    std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
    return new (std::nothrow) cdicom_writer;
}

void cdicom_writer_free(cdicom_writer *writer) { delete writer; }

int cdicom_put(cdicom_writer *writer, const uint32_t *path, size_t count, const char *value) {
    return guarded(nullptr, 0, -1, [&] {
        if (count < 2) return -1;
        DcmItem *item = holder(writer->file.getDataset(), path, count);
        if (item == nullptr) return -1;
        const DcmTag tag{Uint16(path[count - 2]), Uint16(path[count - 1])};
        return item->putAndInsertString(tag, value).good() ? 0 : -1;
    });
}

int cdicom_copy(cdicom_writer *writer, const cdicom_header *header, uint32_t group, uint32_t element) {
    return guarded(nullptr, 0, -1, [&] {
        DcmElement *found = nullptr;
        const DcmTagKey key{Uint16(group), Uint16(element)};
        if (header->dataset()->findAndGetElement(key, found, OFFalse, OFTrue).bad() || found == nullptr) return -1;
        if (writer->file.getDataset()->insert(found, OFTrue).good()) return 0;
        delete found;
        return -1;
    });
}

int cdicom_put_pixels(cdicom_writer *writer, const uint8_t *bytes, size_t count) {
    return guarded(nullptr, 0, -1, [&] {
        if (count > 0xFFFFFFFEu) return -1;
        std::vector<uint8_t> even(bytes, bytes + count);
        if (count % 2 != 0) even.push_back(0);
        return writer->file.getDataset()->putAndInsertUint8Array(DCM_PixelData, even.data(), even.size()).good() ? 0 : -1;
    });
}

uint8_t *cdicom_write(cdicom_writer *writer, size_t *count, char *error, size_t capacity) {
    return guarded(error, capacity, static_cast<uint8_t *>(nullptr), [&]() -> uint8_t * {
        if (!dcmDataDict.isDictionaryLoaded()) {
            fail(error, capacity, "DCMTK's data dictionary is not there; install the package libdcmtk17");
            return nullptr;
        }
        const E_TransferSyntax syntax = EXS_LittleEndianExplicit;
        OFCondition done = writer->file.getDataset()->chooseRepresentation(syntax, nullptr);
        if (done.good()) done = writer->file.validateMetaInfo(syntax);
        if (done.bad()) {
            fail(error, capacity, done.text());
            return nullptr;
        }
        // The preamble and the meta header's own length come on top of what is counted.
        const size_t room = size_t(writer->file.calcElementLength(syntax, EET_ExplicitLength)) + 4096;
        uint8_t *bytes = static_cast<uint8_t *>(std::malloc(room));
        if (bytes == nullptr) {
            fail(error, capacity, "there is not enough memory for the file");
            return nullptr;
        }
        DcmOutputBufferStream stream(bytes, offile_off_t(room));
        writer->file.transferInit();
        done = writer->file.write(stream, syntax, EET_ExplicitLength, nullptr);
        writer->file.transferEnd();
        if (done.bad()) {
            std::free(bytes);
            fail(error, capacity, done.text());
            return nullptr;
        }
        void *written = nullptr;
        offile_off_t length = 0;
        stream.flushBuffer(written, length);
        *count = size_t(length);
        return bytes;
    });
}

void cdicom_written_free(uint8_t *bytes) { std::free(bytes); }
