// The value representations that files in implicit syntax leave out, of the elements the reader asks for: DICOM part 6.
// An element that is not here is left to DCMTK's dictionary. Private ones stand with the low byte of their number alone.
#pragma once

#include <algorithm>
#include <cstdint>

struct Representation {
    uint32_t tag;
    char letters[3];
};

const Representation representations[] = {
    {0x00020002, "UI"}, {0x00020010, "UI"}, {0x00080008, "CS"}, {0x00080016, "UI"}, {0x00080018, "UI"},
    {0x00080020, "DA"}, {0x00080021, "DA"}, {0x00080022, "DA"}, {0x0008002A, "DT"}, {0x00080031, "TM"},
    {0x00080032, "TM"}, {0x00080060, "CS"}, {0x00080070, "LO"}, {0x00080100, "SH"}, {0x00080104, "LO"},
    {0x00080201, "SH"}, {0x0008103E, "LO"}, {0x00081090, "LO"}, {0x0009000D, "DT"}, {0x000900B2, "UL"},
    {0x000900B3, "UL"}, {0x00100040, "CS"}, {0x00101010, "AS"}, {0x00101020, "DS"}, {0x00101030, "DS"},
    {0x00180015, "CS"}, {0x00180031, "LO"}, {0x00180050, "DS"}, {0x00180060, "DS"}, {0x00180088, "DS"},
    {0x00181020, "LO"}, {0x00181060, "DS"}, {0x00181070, "LO"}, {0x00181071, "DS"}, {0x00181072, "TM"},
    {0x00181073, "TM"}, {0x00181074, "DS"}, {0x00181075, "DS"}, {0x00181076, "DS"}, {0x00181077, "DS"},
    {0x00181078, "DT"}, {0x00181120, "DS"}, {0x00181181, "CS"}, {0x00181210, "SH"}, {0x00181242, "IS"},
    {0x00185100, "CS"}, {0x00189074, "DT"}, {0x00189220, "FD"}, {0x00189701, "DT"}, {0x00189758, "CS"},
    {0x00189759, "CS"}, {0x0020000E, "UI"}, {0x00200011, "IS"}, {0x00200013, "IS"}, {0x00200032, "DS"},
    {0x00200037, "DS"}, {0x00200052, "UI"}, {0x00209056, "SH"}, {0x00209128, "UL"}, {0x00280002, "US"}, {0x00280004, "CS"},
    {0x00280008, "IS"}, {0x00280010, "US"}, {0x00280011, "US"}, {0x00280030, "DS"}, {0x00280051, "CS"},
    {0x00280100, "US"}, {0x00280101, "US"}, {0x00280102, "US"}, {0x00280103, "US"}, {0x00280120, "xs"},
    {0x00281052, "DS"}, {0x00281053, "DS"}, {0x00281054, "LO"}, {0x00283002, "xs"}, {0x00409224, "FD"},
    {0x00409225, "FD"}, {0x00540081, "US"}, {0x00540101, "US"}, {0x00541000, "CS"}, {0x00541001, "CS"},
    {0x00541002, "CS"}, {0x00541006, "CS"}, {0x00541100, "CS"}, {0x00541101, "LO"}, {0x00541102, "CS"},
    {0x00541103, "LO"}, {0x00541104, "LO"}, {0x00541105, "LO"}, {0x00541201, "IS"}, {0x00541300, "DS"},
    {0x00541321, "DS"}, {0x00541322, "DS"}, {0x00541323, "DS"}, {0x00541324, "DS"}, {0x00620001, "CS"},
    {0x0062000B, "US"}, {0x0062000E, "US"}, {0x70530000, "DS"}, {0x70530009, "DS"},
};

// Two letters as a number, 0 where the element is not known; "xs" is US or SS, as Pixel Representation says.
inline uint16_t representationOf(uint32_t tag) {
    const Representation *end = std::end(representations);
    const Representation *found = std::lower_bound(
        std::begin(representations), end, tag, [](const Representation &r, uint32_t t) { return r.tag < t; });
    if (found == end || found->tag != tag) return 0;
    return uint16_t(uint8_t(found->letters[0]) << 8 | uint8_t(found->letters[1]));
}
