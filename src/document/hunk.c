/*
 * hunk.c - where a document differs from its file: the runs between clean bytes that follow each other in the file.
 */
#include "document/reading.h"

#include <string.h>

/* The hunk that begins at document offset `at`, where the clean bytes before it end at file offset `file_at`. */
static void
hunk_from(const Reading *v, uint64_t at, uint64_t file_at, SxHunk *out)
{
    uint64_t end;
    uint64_t next = clean_behind(v->root, at, v->file_size, &end);
    *out = (SxHunk){at, end - at, file_at, next > file_at ? next - file_at : 0};
}

/* The hunk at or behind `at`, a place whose clean bytes before it end at file offset `expected`. */
static bool
hunk_behind(const Reading *v, uint64_t at, uint64_t expected, SxHunk *out)
{
    uint64_t where;
    uint64_t reached;
    if (clean_ends(v->root, at, expected, &where, &reached)) {
        hunk_from(v, where, reached, out);
        return true;
    }
    *out = (SxHunk){v->length, 0, reached, v->file_size - reached};
    return reached < v->file_size;
}

bool
reading_hunk_next(const Reading *v, uint64_t from, SxHunk *out)
{
    if (from > v->length)
        return false;
    uint64_t begins;
    uint64_t ends;
    uint64_t last = clean_before(v->root, from, &ends);
    if (ends == from)
        return hunk_behind(v, from, last, out);
    hunk_from(v, ends, last, out);
    if (out->at + out->inserted > from)
        return true;
    uint64_t first = clean_behind(v->root, from, v->file_size, &begins);
    return begins == from && from < v->length && hunk_behind(v, from, first, out);
}

/* The last hunk that ends at or before `at`, behind which the clean bytes begin at file offset `expected`. */
static bool
hunk_before(const Reading *v, uint64_t at, uint64_t expected, SxHunk *out)
{
    uint64_t where;
    uint64_t reached;
    if (!clean_begins(v->root, at, expected, &where, &reached)) {
        *out = (SxHunk){0, 0, 0, reached};
        return reached > 0;
    }
    uint64_t begin;
    uint64_t last = clean_before(v->root, where, &begin);
    *out = (SxHunk){begin, where - begin, last, reached > last ? reached - last : 0};
    return true;
}

bool
reading_hunk_previous(const Reading *v, uint64_t before, SxHunk *out)
{
    uint64_t ends;
    uint64_t place = before < v->length ? before : v->length;
    uint64_t last = clean_before(v->root, place, &ends);
    bool at_end = before > v->length && ends == v->length && last < v->file_size;
    if (at_end) {
        *out = (SxHunk){v->length, 0, last, v->file_size - last};
        return true;
    }
    if (ends < place) {
        hunk_from(v, ends, last, out);
        return true;
    }
    return place > 0 && hunk_before(v, place, last, out);
}
