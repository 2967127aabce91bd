#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sink { uint8_t *bytes; size_t count, capacity; };
struct source { const uint8_t *bytes; size_t count, place; };

static void on_error(png_structp png, png_const_charp text) {
    snprintf((char *)png_get_error_ptr(png), ENGRAFT_PNG_MESSAGE, "%s", text);
    longjmp(png_jmpbuf(png), 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void append(png_structp png, png_bytep data, size_t length) {
    struct sink *sink = png_get_io_ptr(png);
    if (sink->capacity - sink->count < length) {
        size_t capacity = sink->capacity * 2 > sink->count + length ? sink->capacity * 2 : sink->count + length;
        uint8_t *bytes = realloc(sink->bytes, capacity);
        if (!bytes) png_error(png, "out of memory");
        sink->bytes = bytes;
        sink->capacity = capacity;
    }
    memcpy(sink->bytes + sink->count, data, length);
    sink->count += length;
}

static void flush_nothing(png_structp png) { (void)png; }

static void take(png_structp png, png_bytep data, size_t length) {
    struct source *source = png_get_io_ptr(png);
    if (source->count - source->place < length) png_error(png, "the file ends too early");
    memcpy(data, source->bytes + source->place, length);
    source->place += length;
}

static void write_texts(
    png_structp png, png_infop info, const char *const *keys, const char *const *texts, int count
) {
    for (int i = 0; i < count; i++) {
        png_text chunk;
        memset(&chunk, 0, sizeof chunk);
        chunk.compression = PNG_TEXT_COMPRESSION_NONE;
        chunk.key = (png_charp)keys[i];
        chunk.text = (png_charp)texts[i];
        chunk.text_length = strlen(texts[i]);
        png_set_text(png, info, &chunk, 1);
    }
}

int engraft_png_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int level,
    const char *const *keys, const char *const *texts, int text_count,
    uint8_t **bytes, size_t *count, char *message
) {
    // Heap and volatile: their values must survive the longjmp.
    struct sink *sink = calloc(1, sizeof *sink);
    png_structp volatile png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
    png_infop volatile info = png ? png_create_info_struct(png) : NULL;
    int result = -1;
    message[0] = 0;
    if (!sink || !info) {
        snprintf(message, ENGRAFT_PNG_MESSAGE, "out of memory");
    } else if (setjmp(png_jmpbuf(png)) == 0) {
        int color = channels == 1 ? PNG_COLOR_TYPE_GRAY : channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGBA;
        png_set_write_fn(png, sink, append, flush_nothing);
        png_set_compression_level(png, level);
        png_set_IHDR(
            png, info, width, height, 8, color, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
            PNG_FILTER_TYPE_DEFAULT);
        write_texts(png, info, keys, texts, text_count);
        png_write_info(png, info);
        for (uint32_t row = 0; row < height; row++) {
            png_write_row(png, pixels + (size_t)row * width * (size_t)channels);
        }
        png_write_end(png, info);
        *bytes = sink->bytes;
        *count = sink->count;
        sink->bytes = NULL;
        result = 0;
    }
    png_structp writer = png;
    png_infop about = info;
    if (writer) png_destroy_write_struct(&writer, &about);
    if (sink) free(sink->bytes);
    free(sink);
    return result;
}

void engraft_png_free(uint8_t *bytes) { free(bytes); }

static void as_rgba(png_structp png, png_infop info) {
    png_set_expand(png);
    png_set_strip_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xFF, PNG_FILLER_AFTER);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
}

/// Reads the header, and the pixels too where `rgba` is given.
static int read_png(
    const uint8_t *bytes, size_t count, struct engraft_png_header *header, uint8_t *rgba, size_t capacity, char *message
) {
    struct source source = {bytes, count, 0};
    png_structp volatile png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
    png_infop volatile info = png ? png_create_info_struct(png) : NULL;
    png_bytep *volatile rows = NULL;
    int result = -1;
    message[0] = 0;
    if (!info) {
        snprintf(message, ENGRAFT_PNG_MESSAGE, "out of memory");
    } else if (setjmp(png_jmpbuf(png)) == 0) {
        png_set_read_fn(png, &source, take);
        png_read_info(png, info);
        header->width = png_get_image_width(png, info);
        header->height = png_get_image_height(png, info);
        header->bits = png_get_bit_depth(png, info);
        header->channels = png_get_channels(png, info);
        if (rgba) {
            as_rgba(png, info);
            size_t stride = png_get_rowbytes(png, info);
            if (stride != (size_t)header->width * 4 || capacity / stride < header->height) {
                png_error(png, "the rows have an unexpected length");
            }
            rows = malloc(header->height * sizeof *rows);
            if (!rows) png_error(png, "out of memory");
            for (uint32_t row = 0; row < header->height; row++) rows[row] = rgba + row * stride;
            png_read_image(png, rows);
            png_read_end(png, NULL);
        }
        result = 0;
    }
    free(rows);
    png_structp reader = png;
    png_infop about = info;
    if (reader) png_destroy_read_struct(&reader, &about, NULL);
    return result;
}

int engraft_png_read_header(const uint8_t *bytes, size_t count, struct engraft_png_header *header, char *message) {
    return read_png(bytes, count, header, NULL, 0, message);
}

int engraft_png_read(const uint8_t *bytes, size_t count, uint8_t *rgba, size_t capacity, char *message) {
    struct engraft_png_header header;
    return read_png(bytes, count, &header, rgba, capacity, message);
}
