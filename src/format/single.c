/* single.c - encodings of one byte a character, by table. */
#include "format/tables.h"

/* IBM's character generators had a picture for each control character. */
const uint16_t dos_glyphs[SX_ENCODING_GLYPHS] = {
    0x0000, 0x263a, 0x263b, 0x2665, 0x2666, 0x2663, 0x2660, 0x2022, 0x25d8, 0x25cb, 0x25d9,
    0x2642, 0x2640, 0x266a, 0x266b, 0x263c, 0x25ba, 0x25c4, 0x2195, 0x203c, 0x00b6, 0x00a7,
    0x25ac, 0x21a8, 0x2191, 0x2193, 0x2192, 0x2190, 0x221f, 0x2194, 0x25b2, 0x25bc,
    [0x7f] = 0x2302,
};

size_t
single_decode(const SxEncoding *e, SxBytes in, uint32_t *code)
{
    const SingleTable *t = e->data;
    uint16_t found = t->code[in.data[0]];
    *code = found == TABLE_NONE ? SX_NO_CHARACTER : found;
    return 1;
}

size_t
single_encode(const SxEncoding *e, uint32_t code, uint8_t out[SX_ENCODING_MOST])
{
    const SingleTable *t = e->data;
    if (code >= TABLE_NONE)
        return 0;
    if (code < 0x80 && t->code[code] == code) {
        out[0] = (uint8_t)code;
        return 1;
    }
    for (unsigned byte = 0; byte < 256; byte++) {
        if (t->code[byte] == code) {
            out[0] = (uint8_t)byte;
            return 1;
        }
    }
    return 0;
}
