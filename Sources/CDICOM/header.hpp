// What the files of this shim share: the parsed header, and a guard that no exception passes.
#pragma once

#include "CDICOM.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

struct cdicom_header {
    DcmFileFormat file;
    E_TransferSyntax syntax = EXS_Unknown;
    std::string syntaxUID;
    bool hasNativePixels = false;
    size_t pixelOffset = 0, pixelLength = 0;
    // The functional groups of a multi-frame image: what all frames share first, then each frame's own.
    std::vector<std::vector<DcmItem *>> groups;

    DcmDataset *dataset() const { return const_cast<DcmFileFormat &>(file).getDataset(); }
};

inline void fail(char *error, size_t capacity, const char *reason) {
    if (error != nullptr && capacity > 0) std::snprintf(error, capacity, "%s", reason);
}

// Runs `body`; what it throws becomes `bad` and a sentence.
template <class Body, class Result>
Result guarded(char *error, size_t capacity, Result bad, Body body) noexcept {
    try {
        return body();
    } catch (const std::bad_alloc &) {
        fail(error, capacity, "there is not enough memory for what the header promises");
    } catch (const std::exception &thrown) {
        fail(error, capacity, thrown.what());
    } catch (...) {
        fail(error, capacity, "the DICOM library gave up on it");
    }
    return bad;
}

// A whole number of the data set; -1 where it is absent.
inline long numberOf(DcmDataset *dataset, const DcmTagKey &tag) {
    Uint16 value = 0;
    return dataset->findAndGetUint16(tag, value).good() ? long(value) : -1;
}

// Decodes JPEG 2000 code of one frame: 1 where its values are signed as `isSigned` says, else 0; -1 with the reason.
// One-bit pixels come as a byte each.
int decodeJPEG2000(
    const uint8_t *code, size_t count, long rows, long columns, int bytesPerPixel, bool isSigned, uint8_t *out, char *error,
    size_t capacity);

// Decodes JPEG-LS code of one frame; 0, or -1 with the reason.
int decodeJPEGLS(
    const uint8_t *code, size_t count, long rows, long columns, int bytesPerPixel, uint8_t *out, char *error,
    size_t capacity);
