// PNG files in memory through libpng. Every longjmp of libpng ends inside CPNG.c; errors come back as text.
#ifndef ENGRAFT_CPNG_H
#define ENGRAFT_CPNG_H

#include <stddef.h>
#include <stdint.h>

/// Bytes of an error message, with its final zero.
#define ENGRAFT_PNG_MESSAGE 160

/// What a PNG file says of itself before its pixels.
struct engraft_png_header {
    uint32_t width, height;
    uint8_t bits, channels;
};

/// Writes 8-bit pixels (channels 1 grey, 3 RGB, 4 RGBA with straight alpha), rows from the top, as a PNG file.
///
/// `keys` and `texts` are `text_count` tEXt chunks in Latin-1. Returns 0 and a buffer for `engraft_png_free`, or -1
/// and a message of at most ENGRAFT_PNG_MESSAGE bytes.
int engraft_png_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int level,
    const char *const *keys, const char *const *texts, int text_count,
    uint8_t **bytes, size_t *count, char *message);

/// Frees what `engraft_png_write` gave.
void engraft_png_free(uint8_t *bytes);

/// Reads the header alone. Returns 0, or -1 and a message.
int engraft_png_read_header(const uint8_t *bytes, size_t count, struct engraft_png_header *header, char *message);

/// Reads the pixels as RGBA with straight alpha into width × height × 4 bytes. Returns 0, or -1 and a message.
int engraft_png_read(const uint8_t *bytes, size_t count, uint8_t *rgba, size_t capacity, char *message);

#endif
