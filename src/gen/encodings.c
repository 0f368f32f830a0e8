/*
 * encodings.c - the tables of src/format/encodings.def, asked of iconv(3): `encodings OUT` writes one C file.
 *
 * The few characters beyond the first plane are numbered from TABLE_BEYOND on. A byte that a converter maps
 * to a character which it maps back to another byte is still decoded; the way back has the converter's own
 * choice.
 */
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NONE = 0xffff, BEYOND = 0xd800, BEYOND_MAX = 64, NUMBERS = 39420 };

typedef enum Family { SINGLE, DOS, MULTI } Family;

typedef struct Encoding {
    Family family;
    const char *id, *name, *aliases, *converter;
} Encoding;

static const Encoding encodings[] = {
#define ENCODING(family, id, name, aliases, converter) {family, #id, name, aliases, converter},
#include "format/encodings.def"
#undef ENCODING
};

enum { COUNT = sizeof encodings / sizeof *encodings };

typedef struct Writer {
    FILE *out;
    iconv_t decode, encode;      /* to and from UTF-32 of this machine */
    uint32_t beyond[BEYOND_MAX]; /* characters of at most three bytes that are beyond the first plane */
    unsigned n_beyond;
} Writer;

/* What the tables call the character, NONE when there is no room for one more. */
static unsigned
entry_of(Writer *w, uint32_t code)
{
    if (code < NONE)
        return code;
    for (unsigned i = 0; i < w->n_beyond; i++)
        if (w->beyond[i] == code)
            return BEYOND + i;
    if (w->n_beyond == BEYOND_MAX)
        return NONE;
    w->beyond[w->n_beyond++] = code;
    return BEYOND + w->n_beyond - 1;
}

/* The one character that these bytes are, as the tables call it, NONE otherwise. */
static unsigned
decoded(Writer *w, const unsigned char *bytes, size_t len)
{
    uint32_t code[4];
    char in[8], *from = in, *to = (char *)code;
    size_t left = len, room = sizeof code;
    memcpy(in, bytes, len);
    iconv(w->decode, NULL, NULL, NULL, NULL);
    if (iconv(w->decode, &from, &left, &to, &room) == (size_t)-1 || left)
        return NONE;
    if (iconv(w->decode, NULL, NULL, &to, &room) == (size_t)-1)
        return NONE;
    if (sizeof code - room != sizeof *code || code[0] == NONE)
        return NONE;
    return code[0] < NONE || len < 4 ? entry_of(w, code[0]) : NONE;
}

static size_t
encoded(const Writer *w, uint32_t code, unsigned char out[8])
{
    char *from = (char *)&code, *to = (char *)out;
    size_t left = sizeof code, room = 8;
    iconv(w->encode, NULL, NULL, NULL, NULL);
    if (iconv(w->encode, &from, &left, &to, &room) != 0 || left)
        return 0;
    return 8 - room;
}

static void
write_row(const Writer *w, const unsigned *codes)
{
    fprintf(w->out, "{");
    for (int i = 0; i < 256; i++)
        fprintf(w->out, "%s%u,", i % 16 ? "" : "\n", codes[i]);
    fprintf(w->out, "},\n");
}

static void
write_single(Writer *w, const Encoding *e)
{
    unsigned codes[256];
    for (int i = 0; i < 256; i++)
        codes[i] = decoded(w, (unsigned char[]){(unsigned char)i}, 1);
    fprintf(w->out, "static const SingleTable table_%s = {", e->id);
    write_row(w, codes);
    fprintf(w->out, "};\n");
}

/* --- lead bytes --------------------------------------------------------------------------------------- */

/* A row for the bytes behind `start`; false: there is no character. */
static bool
fill_row(Writer *w, const unsigned char *start, size_t len, unsigned *codes)
{
    unsigned char bytes[4];
    bool any = false;
    memcpy(bytes, start, len);
    for (unsigned last = 0; last < 256; last++) {
        bytes[len] = (unsigned char)last;
        codes[last] = decoded(w, bytes, len + 1);
        any |= codes[last] != NONE;
    }
    return any;
}

/* One row for each lead byte that has one, and where each is. */
static unsigned
write_rows(Writer *w, const unsigned char *prefix, size_t len, bool (*skip)(Writer *, unsigned),
           unsigned next, unsigned *row)
{
    unsigned codes[256];
    for (unsigned lead = 0; lead < 256; lead++) {
        unsigned char start[3];
        memcpy(start, prefix, len);
        start[len] = (unsigned char)lead;
        row[lead] = 0;
        if (!skip(w, lead) && fill_row(w, start, len + 1, codes)) {
            row[lead] = next++;
            write_row(w, codes);
        }
    }
    return next;
}

/* A byte that is a character by itself leads none. */
static bool
is_alone(Writer *w, unsigned lead)
{
    return lead == 0x8f || decoded(w, (unsigned char[]){(unsigned char)lead}, 1) != NONE;
}

static bool
leads_never(Writer *w, unsigned lead)
{
    return is_alone(w, lead) && lead != 0x8f;
}

static bool
below_a1(Writer *w, unsigned lead)
{
    (void)w;
    return lead < 0xa1;
}

static void
write_bytes(const Writer *w, const char *field, const unsigned *row)
{
    fprintf(w->out, ".%s = {", field);
    for (int i = 0; i < 256; i++)
        fprintf(w->out, "%u,", row[i]);
    fprintf(w->out, "},\n");
}

/* The way back, by character, as BackEntry says. */
static void
write_back(Writer *w, const Encoding *e)
{
    fprintf(w->out, "static const BackEntry back_%s[] = {\n", e->id);
    for (unsigned code = 0; code < NONE; code++) {
        unsigned char bytes[8];
        bool beyond = code >= BEYOND && code - BEYOND < w->n_beyond;
        size_t n = encoded(w, beyond ? w->beyond[code - BEYOND] : code, bytes);
        if (n == 0 || n > 3 || decoded(w, bytes, n) != code)
            continue;
        unsigned word = n == 1   ? bytes[0]
                        : n == 2 ? (unsigned)bytes[0] << 8 | bytes[1]
                                 : ((unsigned)bytes[1] & 0x7f) << 8 | bytes[2];
        fprintf(w->out, "{%u,%u},", code, word);
        if (code % 8 == 0)
            fprintf(w->out, "\n");
    }
    fprintf(w->out, "};\n");
}

/* Runs of numbers, of GB 18030 alone. */
static void
write_runs(Writer *w, const Encoding *e)
{
    unsigned expected = NONE - 1;
    fprintf(w->out, "static const NumberRun runs_%s[] = {\n", e->id);
    for (unsigned n = 0; n < NUMBERS; n++) {
        unsigned char bytes[4] = {(unsigned char)(0x81 + n / 12600), (unsigned char)(0x30 + n / 1260 % 10),
                                  (unsigned char)(0x81 + n / 10 % 126), (unsigned char)(0x30 + n % 10)};
        unsigned code = decoded(w, bytes, 4);
        if (n == 0 || code != expected)
            fprintf(w->out, "{%u,%u},\n", n, code);
        expected = code == NONE ? NONE : code + 1;
    }
    fprintf(w->out, "};\n");
}

static void
write_multi(Writer *w, const Encoding *e)
{
    w->n_beyond = 0;
    unsigned row[256], row3[256] = {0}, alone[256];
    bool three = strcmp(e->id, "eucjp") == 0, four = strcmp(e->id, "gb18030") == 0;
    for (unsigned i = 0; i < 256; i++)
        alone[i] = decoded(w, (unsigned char[]){(unsigned char)i}, 1);
    fprintf(w->out, "static const uint16_t rows_%s[][256] = {", e->id);
    write_row(w, alone);
    unsigned next = write_rows(w, NULL, 0, three ? is_alone : leads_never, 1, row);
    if (three)
        write_rows(w, (unsigned char[]){0x8f}, 1, below_a1, next, row3);
    fprintf(w->out, "};\n");
    write_back(w, e);
    if (four)
        write_runs(w, e);
    fprintf(w->out, "static const uint32_t beyond_%s[] = {", e->id);
    for (unsigned i = 0; i < w->n_beyond; i++)
        fprintf(w->out, "%u,", w->beyond[i]);
    fprintf(w->out, "0};\nstatic const MultiTable table_%s = {\n", e->id);
    write_bytes(w, "row", row);
    write_bytes(w, "row3", row3);
    fprintf(w->out,
            ".prefix = %d, .rows = rows_%s, .back = back_%s, .n_back = sizeof back_%s / sizeof *back_%s,\n",
            three ? 0x8f : 0, e->id, e->id, e->id, e->id);
    fprintf(w->out, ".beyond = beyond_%s, .n_beyond = %u,\n", e->id, w->n_beyond);
    if (four)
        fprintf(w->out, ".runs = runs_%s, .n_runs = sizeof runs_%s / sizeof *runs_%s,\n", e->id, e->id,
                e->id);
    fprintf(w->out, "};\n");
}

/* --- entries ------------------------------------------------------------------------------------------ */

static void
write_entry(const Writer *w, const Encoding *e)
{
    bool multi = e->family == MULTI;
    unsigned most = !multi ? 1 : strcmp(e->id, "gb18030") == 0 ? 4 : strcmp(e->id, "eucjp") == 0 ? 3 : 2;
    fprintf(w->out, "static const SxEncoding encoding_%s = {\n", e->id);
    fprintf(w->out, ".name = \"%s\", .aliases = \"%s\", .converter = \"%s\", ", e->name, e->aliases,
            e->converter);
    fprintf(w->out, ".unit = 1, .most = %u, .context = %d, .data = &table_%s,\n", most, multi ? 512 : 0,
            e->id);
    fprintf(w->out,
            multi
                ? ".decode = multi_decode, .encode = multi_encode, .sync = multi_sync, .back = multi_back,\n"
                : ".decode = single_decode, .encode = single_encode,\n");
    if (e->family == DOS)
        fprintf(w->out, ".glyphs = dos_glyphs,\n");
    fprintf(w->out, "};\n");
}

/* false: this machine has no such converter. */
static bool
write_encoding(Writer *w, const Encoding *e, const char *wide)
{
    w->decode = iconv_open(wide, e->converter);
    if (w->decode == (iconv_t)-1)
        return false;
    w->encode = iconv_open(e->converter, wide);
    if (w->encode == (iconv_t)-1) {
        iconv_close(w->decode);
        return false;
    }
    if (e->family == MULTI)
        write_multi(w, e);
    else
        write_single(w, e);
    write_entry(w, e);
    iconv_close(w->decode);
    iconv_close(w->encode);
    return true;
}

int
main(int argc, char **argv)
{
    const uint16_t order = 1;
    const char *wide = *(const unsigned char *)&order ? "UTF-32LE" : "UTF-32BE";
    bool there[COUNT];
    if (argc != 2)
        return fprintf(stderr, "usage: encodings OUT\n"), 2;
    Writer w = {.out = fopen(argv[1], "w")};
    if (!w.out)
        return perror(argv[1]), 1;
    fprintf(w.out, "#include \"format/tables.h\"\n");
    for (size_t i = 0; i < COUNT; i++)
        there[i] = write_encoding(&w, &encodings[i], wide);
    fprintf(w.out, "const SxEncoding *const encodings_in_tables[] = {\n");
    for (size_t i = 0; i < COUNT; i++)
        if (there[i])
            fprintf(w.out, "&encoding_%s,\n", encodings[i].id);
    fprintf(w.out, "NULL};\n");
    return ferror(w.out) | fclose(w.out) ? 1 : 0;
}
