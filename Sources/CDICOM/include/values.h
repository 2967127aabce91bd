/* Asks a plain header for many values in one pass over its bytes. */
#ifndef ENGRAFT_CDICOM_VALUES_H
#define ENGRAFT_CDICOM_VALUES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A list of elements to look for; made once, used on any thread. */
typedef struct cdicom_query cdicom_query;

/* The text of an element without padding, in the header's bytes or in `digits`; NULL where it is absent. */
typedef struct {
    const char *text;
    size_t length;
    char digits[32];
} cdicom_value;

/* What else a header says: the transfer syntax UID, where the pixel data lie and whether they are `native`, that is
 * uncompressed and little endian. The length is the one the header promises. */
typedef struct {
    const char *syntax;
    size_t syntax_length;
    size_t offset, length;
    int native;
} cdicom_place;

/* NULL where there is no memory. */
cdicom_query *cdicom_query_create(void);

/* Adds an element by its path, as `cdicom_string` takes it; its value is the next one. A private element is given by its
 * group, the low byte of its number, and the creator of its block. */
void cdicom_query_add(cdicom_query *query, const uint32_t *path, size_t count, const char *creator);

/* Finds the values of a query in the header at the start of `bytes`: the same ones that `cdicom_string` gives. Returns 0,
 * or -1 where the header is not plain (compressed headers, several frames, odd lengths, text with control characters, an
 * end before the pixels, ...) and `cdicom_parse` must be asked. */
int cdicom_values(
    const cdicom_query *query, const uint8_t *bytes, size_t count, cdicom_value *values, cdicom_place *place);

#ifdef __cplusplus
}
#endif
#endif
