/* ascii.c - encodings of one byte a character whose codes are the bytes: ASCII and Latin-1. */
#include "format/encodings.h"

/* The number of characters: 128 or 256. */
static const unsigned ascii_count = 128, latin1_count = 256;

static unsigned
count_of(const SxEncoding *e)
{
    return *(const unsigned *)e->data;
}

static size_t
byte_decode(const SxEncoding *e, SxBytes in, uint32_t *code)
{
    *code = in.data[0] < count_of(e) ? in.data[0] : SX_NO_CHARACTER;
    return 1;
}

static size_t
byte_encode(const SxEncoding *e, uint32_t code, uint8_t out[SX_ENCODING_MOST])
{
    if (code >= count_of(e))
        return 0;
    out[0] = (uint8_t)code;
    return 1;
}

const SxEncoding encoding_ascii = {
    .name = "ascii", .aliases = "us-ascii", .converter = "ASCII", .unit = 1, .most = 1,
    .decode = byte_decode, .encode = byte_encode, .data = &ascii_count,
};
const SxEncoding encoding_latin1 = {
    .name = "latin-1", .aliases = "iso-8859-1 iso8859-1 l1", .converter = "ISO-8859-1", .unit = 1, .most = 1,
    .decode = byte_decode, .encode = byte_encode, .data = &latin1_count,
};
