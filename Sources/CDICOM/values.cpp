#include "header.hpp"
#include "representations.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

// One pass over the header of a plain single-frame file, in place: elements stand in ascending order, lengths are even and
// fit, text is printable. Whatever is not so is left to DCMTK, which knows more kinds of file and says what is wrong.

namespace {

const size_t deepestItem = 16;
const uint32_t undefined = 0xFFFFFFFFu, itemTag = 0xFFFEE000u, itemEnd = 0xFFFEE00Du, sequenceEnd = 0xFFFEE0DDu;

uint16_t half(const uint8_t *p) { return uint16_t(p[0] | p[1] << 8); }
uint32_t word(const uint8_t *p) { return uint32_t(half(p)) | uint32_t(half(p + 2)) << 16; }
uint16_t letters(const char *p) { return uint16_t(uint8_t(p[0]) << 8 | uint8_t(p[1])); }

// What is wanted of one data set or item: an element's value, or something in an item below it.
struct Wanted {
    uint32_t tag = 0;
    uint16_t representation = 0;  // in files that do not say it
    long value = -1;
    std::vector<std::pair<uint32_t, std::vector<Wanted>>> items;
};

struct WantedPrivate {
    uint32_t group, element;
    uint16_t representation;
    std::string creator;
    size_t value;
};

bool isText(uint16_t representation) {
    static const char known[] = "AEASCSDADSDTISLOLTPNSHSTTMUCUIURUT";
    for (size_t i = 0; i + 1 < sizeof known; i += 2)
        if (representation == letters(known + i)) return true;
    return false;
}

bool hasLongLength(uint16_t representation) {
    static const char known[] = "OBODOFOLOWSQUCURUTUN";
    for (size_t i = 0; i + 1 < sizeof known; i += 2)
        if (representation == letters(known + i)) return true;
    return false;
}

bool hasShortLength(uint16_t representation) {
    static const char known[] = "AEASATCSDADSDTFDFLISLOLTPNSHSLSSSTTMUIULUS";
    for (size_t i = 0; i + 1 < sizeof known; i += 2)
        if (representation == letters(known + i)) return true;
    return false;
}

Wanted &at(std::vector<Wanted> &level, uint32_t tag) {
    auto place = std::lower_bound(level.begin(), level.end(), tag, [](const Wanted &w, uint32_t t) { return w.tag < t; });
    if (place == level.end() || place->tag != tag) {
        place = level.insert(place, Wanted());
        place->tag = tag;
        place->representation = representationOf(tag);
    }
    return *place;
}

struct Element {
    uint32_t tag, length;
    uint16_t representation;
    size_t value;
};

}  // namespace

struct cdicom_query {
    std::vector<Wanted> wanted;
    std::vector<WantedPrivate> privates;
    size_t values = 0;
};

namespace {

class Pass {
public:
    Pass(const cdicom_query &query, const uint8_t *bytes, size_t count, cdicom_value *values)
        : query(query), bytes(bytes), count(count), values(values) {}

    // The whole header; false where it is not plain.
    bool run(cdicom_place &place) {
        size_t at = 144;
        if (count < at || std::memcmp(bytes + 128, "DICM", 4) != 0) return false;
        if (std::memcmp(bytes + 132, "\x02\x00\x00\x00UL\x04\x00", 8) != 0) return false;
        const size_t metaEnd = at + word(bytes + 140);
        if (metaEnd > count) return false;
        if (!dataset(at, metaEnd, query.wanted, 0, nullptr)) return false;
        if (syntaxLength == 0) return false;
        place.syntax = syntax;
        place.syntax_length = syntaxLength;
        static const char standard[] = "1.2.840.10008.1.2";
        const size_t stem = sizeof standard - 1;
        if (syntaxLength < stem || std::memcmp(syntax, standard, stem) != 0) return false;
        const std::string kind(syntax + stem, syntaxLength - stem);
        const bool compressed = kind.compare(0, 3, ".4.") == 0 || kind == ".5";
        if (!compressed && kind != "" && kind != ".1") return false;
        explicitly = kind != "";
        if (at + 8 > count || (!explicitly && hasShortLength(uint16_t(bytes[at + 4] << 8 | bytes[at + 5])))) return false;
        Element pixels{};
        if (!dataset(at, count, query.wanted, 0, &pixels)) return false;
        place.offset = pixels.value;
        place.length = pixels.length;
        place.native = compressed ? 0 : 1;
        return compressed == (pixels.length == undefined);
    }

private:
    const cdicom_query &query;
    const uint8_t *bytes;
    const size_t count;
    cdicom_value *values;
    bool explicitly = true;
    const char *syntax = nullptr;
    size_t syntaxLength = 0;

    bool element(size_t at, size_t end, Element &e) const {
        if (end - at < 8) return false;
        e.tag = uint32_t(half(bytes + at)) << 16 | half(bytes + at + 2);
        if (!explicitly || e.tag >> 16 == 0xFFFE) {
            e.representation = 0;
            e.length = word(bytes + at + 4);
            e.value = at + 8;
            return true;
        }
        e.representation = uint16_t(bytes[at + 4] << 8 | bytes[at + 5]);
        if (hasShortLength(e.representation)) {
            e.length = half(bytes + at + 6);
            e.value = at + 8;
            return true;
        }
        if (!hasLongLength(e.representation) || end - at < 12 || half(bytes + at + 6) != 0) return false;
        e.length = word(bytes + at + 8);
        e.value = at + 12;
        return true;
    }

    // Elements from `at` to `end`; at the top up to the pixels; of an item of undefined length, where `end` is only the
    // limit, up to and over its end mark.
    bool dataset(
        size_t &at, size_t end, const std::vector<Wanted> &wanted, size_t depth, Element *pixels, bool open = false
    ) {
        if (depth > deepestItem) return false;
        const bool top = depth == 0, meta = top && pixels == nullptr;
        auto next = wanted.begin();
        uint32_t last = 0, blocksOf = 0;
        const cdicom_value *blocks[16] = {};
        cdicom_value creators[16];
        while (at < end) {
            Element e;
            if (!element(at, end, e)) return false;
            if (open && e.tag == itemEnd) {
                at = e.value;
                return e.length == 0;
            }
            const uint32_t group = e.tag >> 16, number = e.tag & 0xFFFF;
            if (e.tag <= last || group >= 0xFFFE || (group == 2) != meta) return false;
            last = e.tag;
            if (top && e.tag == 0x7FE00010u) {
                at = e.value;
                *pixels = e;
                return !explicitly || e.representation == letters("OW") || e.representation == letters("OB");
            }
            // Several frames, segments, or pixels of another kind.
            if (top && (group == 0x5200 || group == 0x0062 || group == 0x7FE0)) return false;
            while (next != wanted.end() && next->tag < e.tag) ++next;
            const Wanted *found = next != wanted.end() && next->tag == e.tag ? &*next : nullptr;
            const bool sequence = explicitly ? e.representation == letters("SQ")
                                             : e.length == undefined || (found && !found->items.empty());
            if (found && sequence != !found->items.empty()) return false;
            if (sequence) {
                at = e.value;
                if (!items(at, end, e.length, found, depth)) return false;
                continue;
            }
            if (e.length & 1 || e.length > end - e.value) return false;
            if (found) {
                const uint16_t representation = explicitly ? e.representation : found->representation;
                if (!take(e, representation, values[found->value])) return false;
            }
            if (meta && number == 0x10 && !takeText(e, syntax, syntaxLength)) return false;
            if (top && group & 1 && !query.privates.empty()) {
                if (group != blocksOf) {
                    blocksOf = group;
                    std::fill(blocks, blocks + 16, nullptr);
                }
                if (!takePrivate(e, blocks, creators)) return false;
            }
            at = e.value + e.length;
        }
        return (meta || !top) && !open;
    }

    bool items(size_t &at, size_t end, uint32_t length, const Wanted *wanted, size_t depth) {
        static const std::vector<Wanted> nothing;
        const bool open = length == undefined;
        if (!open && length > end - at) return false;
        const size_t limit = open ? end : at + length;
        for (uint32_t number = 0; at < limit; ++number) {
            if (limit - at < 8) return false;
            const uint32_t tag = uint32_t(half(bytes + at)) << 16 | half(bytes + at + 2), size = word(bytes + at + 4);
            at += 8;
            if (open && tag == sequenceEnd) return size == 0;
            if (tag != itemTag) return false;
            const std::vector<Wanted> *inside = &nothing;
            if (wanted != nullptr)
                for (const auto &item : wanted->items)
                    if (item.first == number) inside = &item.second;
            if (size == undefined) {
                if (!dataset(at, limit, *inside, depth + 1, nullptr, true)) return false;
            } else {
                if (size > limit - at || !dataset(at, at + size, *inside, depth + 1, nullptr)) return false;
            }
        }
        return !open;
    }

    // The value of an element as text; false where that takes more than copying it.
    bool take(const Element &e, uint16_t representation, cdicom_value &value) const {
        if (isText(representation) || representation == letters("UN") || representation == letters("OB")) {
            if (!takeText(e, value.text, value.length)) return false;
            return representation != letters("UI") || isUID(value);
        }
        size_t size = 0;
        const bool sign = representation == letters("SS") || representation == letters("SL");
        if (representation == letters("US") || representation == letters("SS")) size = 2;
        if (representation == letters("UL") || representation == letters("SL")) size = 4;
        if (size == 0 || e.length % size != 0) return false;
        size_t used = 0;
        for (size_t i = 0; i < e.length; i += size) {
            const uint8_t *p = bytes + e.value + i;
            const long number = size == 2 ? (sign ? long(int16_t(half(p))) : long(half(p)))
                                          : (sign ? long(int32_t(word(p))) : long(word(p)));
            const int wrote = std::snprintf(
                value.digits + used, sizeof value.digits - used, i == 0 ? "%ld" : "\\%ld", number);
            if (wrote < 0 || size_t(wrote) >= sizeof value.digits - used) return false;
            used += size_t(wrote);
        }
        value.text = value.digits;
        value.length = used;
        return true;
    }

    static bool isUID(const cdicom_value &value) {
        return std::all_of(value.text, value.text + value.length, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    }

    // Text without its padding; false where it is not printable, or has blanks around a backslash, which DCMTK drops.
    bool takeText(const Element &e, const char *&text, size_t &length) const {
        const char *begin = reinterpret_cast<const char *>(bytes + e.value), *end = begin + e.length;
        while (end > begin && (end[-1] == ' ' || end[-1] == 0)) --end;
        while (begin < end && *begin == ' ') ++begin;
        for (const char *p = begin; p < end; ++p) {
            if (uint8_t(*p) < 0x20 || uint8_t(*p) == 0x7F) return false;
            if (*p == '\\' && ((p > begin && p[-1] == ' ') || (p + 1 < end && p[1] == ' '))) return false;
        }
        if (end - begin >= 4096) return false;
        text = begin;
        length = size_t(end - begin);
        return true;
    }

    // A private element: the creator of a block, or one of the wanted ones in a block whose creator is the wanted one.
    bool takePrivate(const Element &e, const cdicom_value *(&blocks)[16], cdicom_value (&creators)[16]) const {
        const uint32_t group = e.tag >> 16, number = e.tag & 0xFFFF;
        const bool matters = std::any_of(
            query.privates.begin(), query.privates.end(), [&](const WantedPrivate &w) { return w.group == group; });
        if (!matters) return true;
        if (number >= 0x10 && number <= 0x1F) {
            cdicom_value &creator = creators[number - 0x10];
            if (!takeText(e, creator.text, creator.length)) return false;
            // Two blocks of one creator: not plain.
            for (const cdicom_value *other : blocks)
                if (other && other->length == creator.length
                    && std::memcmp(other->text, creator.text, creator.length) == 0)
                    return false;
            blocks[number - 0x10] = &creator;
            return true;
        }
        const uint32_t block = number >> 8;
        if (block < 0x10 || block > 0x1F) return true;
        const bool anonymous = std::all_of(blocks, blocks + 16, [](const cdicom_value *b) { return b == nullptr; });
        const cdicom_value *creator = blocks[block - 0x10];
        for (const WantedPrivate &w : query.privates) {
            if (w.group != group || w.element != (number & 0xFF)) continue;
            const bool named = creator && creator->length == w.creator.size()
                && std::memcmp(creator->text, w.creator.data(), w.creator.size()) == 0;
            // Some archives drop the creator and keep the element in the first block.
            if (!named && !(anonymous && block == 0x10)) continue;
            if (!take(e, explicitly ? e.representation : w.representation, values[w.value])) return false;
        }
        return true;
    }
};

}  // namespace

cdicom_query *cdicom_query_create(void) {
    return guarded(nullptr, 0, static_cast<cdicom_query *>(nullptr), [] {
        return new cdicom_query;
    });
}

void cdicom_query_add(cdicom_query *query, const uint32_t *path, size_t count, const char *creator) {
    guarded(nullptr, 0, 0, [&] {
        const size_t value = query->values++;
        if (creator != nullptr) {
            query->privates.push_back({path[0], path[1], representationOf(path[0] << 16 | path[1]), creator, value});
            return 0;
        }
        std::vector<Wanted> *level = &query->wanted;
        size_t i = 0;
        for (; i + 5 <= count; i += 3) {
            auto &items = at(*level, path[i] << 16 | path[i + 1]).items;
            auto item = std::find_if(items.begin(), items.end(), [&](const auto &known) { return known.first == path[i + 2]; });
            if (item == items.end()) item = items.insert(item, {path[i + 2], {}});
            level = &item->second;
        }
        at(*level, path[i] << 16 | path[i + 1]).value = long(value);
        return 0;
    });
}

int cdicom_values(
    const cdicom_query *query, const uint8_t *bytes, size_t count, cdicom_value *values, cdicom_place *place
) {
    for (size_t i = 0; i < query->values; ++i) {
        values[i].text = nullptr;
        values[i].length = 0;
    }
    return Pass(*query, bytes, count, values).run(*place) ? 0 : -1;
}
