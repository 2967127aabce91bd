/* A C door to DCMTK and OpenJPEG: reads a DICOM header from bytes and decodes the pixels of its frames.
 *
 * Nothing here throws, aborts or keeps the caller's bytes: a parsed header owns what it holds. Functions that can fail
 * write one sentence into `error` (always terminated). All may be called from several threads, on different headers. */
#ifndef ENGRAFT_CDICOM_H
#define ENGRAFT_CDICOM_H

#include "values.h"
#include "writer.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cdicom_header cdicom_header;

/* Whether bytes begin as a DICOM file does: with DICM at byte 128, or with a data set and no preamble. */
int cdicom_is_dicom(const uint8_t *bytes, size_t count);

/* The header of a DICOM file, up to the pixel data or, with `whole`, to the end. NULL where it cannot be read. */
cdicom_header *cdicom_parse(const uint8_t *bytes, size_t count, int whole, char *error, size_t capacity);

/* Gives a header back; NULL is allowed. */
void cdicom_free(cdicom_header *header);

/* The transfer syntax UID of the data set, "" where unknown; lives as long as the header. */
const char *cdicom_transfer_syntax(const cdicom_header *header);

/* The value of an element as text, several values joined by "\". `path` holds `count` words: group, element and, for an
 * element inside a sequence, the item's number and the next group and element. Returns the length of the whole value,
 * or -1 where there is none; at most `capacity` - 1 characters are written, and a terminator. */
long cdicom_string(const cdicom_header *header, const uint32_t *path, size_t count, char *out, size_t capacity);

/* How many frames have functional groups (5200,9230); 0 for an image that is not an enhanced multi-frame one. */
long cdicom_frames(const cdicom_header *header);

/* As `cdicom_string`, of an element that the functional groups give a frame, counted from 0; of what all frames share
 * with -1. `path` starts inside the sequence of the group, such as (0020,0032) for the plane's position. */
long cdicom_frame_string(
    const cdicom_header *header, long frame, const uint32_t *path, size_t count, char *out, size_t capacity);

/* How many items a sequence of the data set has; 0 where there is none. */
long cdicom_items(const cdicom_header *header, uint32_t group, uint32_t element);

/* Where uncompressed little-endian pixel data lie in the bytes that were parsed: 0 and their place, or -1 where they are
 * compressed, big-endian or deflated, or there are none. The length is the one the header promises; the caller compares
 * it with the bytes there are. */
int cdicom_native_pixels(const cdicom_header *header, size_t *offset, size_t *length);

/* Decodes a frame, counted from 0, of a header parsed with `whole` into `out`, which takes `capacity` bytes: rows x
 * columns pixels of 8, 16 or 32 bits in the machine's byte order, as BitsAllocated says; pixels of one bit as a byte each.
 * Returns 0; 1 where a value is what all its bits say, as JPEG 2000 decodes it; or -1 with the reason. Not to be called
 * twice at a time on one header. */
int cdicom_decode(
    const cdicom_header *header, long frame, uint8_t *out, size_t capacity, char *error, size_t error_capacity);

/* Spreads `count` packed bits, from bit `first` of `bits` on (the lowest of a byte first), to a byte each. */
void cdicom_unpack(const uint8_t *bits, size_t first, size_t count, uint8_t *out);

/* Turns `count` stored pixels into values: the `bits_stored` bits below and at `high_bit` of every 8, 16 or 32 bits,
 * sign-extended where `is_signed`, times `slope` plus `intercept` in double, then rounded to float. `pixels` need not be
 * aligned and is in little-endian order. */
void cdicom_rescale(
    const uint8_t *pixels, size_t count, int bits_allocated, int bits_stored, int high_bit, int is_signed, double slope,
    double intercept, float *out);

#ifdef __cplusplus
}
#endif
#endif
