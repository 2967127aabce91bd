/* Builds a DICOM data set element by element and writes it as a file: explicit VR little endian, uncompressed. */
#ifndef ENGRAFT_CDICOM_WRITER_H
#define ENGRAFT_CDICOM_WRITER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cdicom_writer cdicom_writer;
struct cdicom_header;

/* An empty data set; NULL where there is no memory. */
cdicom_writer *cdicom_writer_create(void);

/* Gives a data set back; NULL is allowed. */
void cdicom_writer_free(cdicom_writer *writer);

/* Sets an element from text, several values joined by "\"; "" makes it empty. `path` is as `cdicom_string` takes it;
 * items that are not there are made, in order. Returns 0, or -1 where the element does not take the value. */
int cdicom_put(cdicom_writer *writer, const uint32_t *path, size_t count, const char *value);

/* Copies an element of the data set of a parsed header, as its bytes are. Returns 0, or -1 where it is not there. */
int cdicom_copy(cdicom_writer *writer, const struct cdicom_header *header, uint32_t group, uint32_t element);

/* Sets the pixel data (7FE0,0010) of 8-bit or one-bit pixels; an odd count gets a zero byte. Returns 0 or -1. */
int cdicom_put_pixels(cdicom_writer *writer, const uint8_t *bytes, size_t count);

/* The file; to be freed with `cdicom_written_free`. NULL with the reason in `error`. */
uint8_t *cdicom_write(cdicom_writer *writer, size_t *count, char *error, size_t capacity);

void cdicom_written_free(uint8_t *bytes);

#ifdef __cplusplus
}
#endif
#endif
