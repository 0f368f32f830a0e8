/*
 * insert_file.c - a range of another file becomes a part of the document: copied when it is small, else read where it is.
 */
#include "document/core.h"

#include <inttypes.h>
#include <stdlib.h>

enum { COPIED = 1 << 20 }; /* bytes at most */

static bool
copied(SxDocument *d, SxSource *source, SxSpan part, Pieces *out, SxError *err)
{
    uint8_t *bytes = malloc(part.len ? (size_t)part.len : 1);
    bool done = bytes ? sx_source_read(source, part, bytes, err) : sx_fail(err, SX_ERR_NOMEM, "no memory to insert");
    done = done && document_keep(d, sx_bytes(bytes, (size_t)part.len), out, err);
    free(bytes);
    return done;
}

static bool
referred(SxDocument *d, SxSource *source, SxSpan part, const char *path, Pieces *out, SxError *err)
{
    uint16_t number;
    if (!store_add_file(d->store, sx_source_retain(source), 0, &number, err)) {
        sx_source_release(source);
        return false;
    }
    journal_other_file(d->journal, number, path, NULL);
    Piece p = {part.at, part.len, 0, number, PIECE_OTHER};
    return pieces_add(out, &p) || sx_fail(err, SX_ERR_NOMEM, "no memory to insert");
}

/* A map of another file; an empty one has none and *out is NULL. */
static bool
open_other(SxMap **map, const char *path, size_t window, SxError *err)
{
    SxMapOptions o = {.access = SX_ACCESS_READ, .window = window};
    SxError why;
    *map = NULL;
    if (sx_map_open(map, path, &o, &why) || why.code == SX_ERR_EMPTY)
        return true;
    if (err)
        *err = why;
    return false;
}

bool
sx_document_insert_file(SxDocument *d, uint64_t at, const char *path, SxSpan part, SxError *err)
{
    SxMap *map;
    if (!document_may_edit(d, err) || !open_other(&map, path, d->window, err))
        return false;
    SxSource *source = map ? sx_map_source(map) : NULL;
    uint64_t size = source ? sx_source_size(source) : 0;
    bool all = part.at == 0 && part.len == UINT64_MAX;
    bool done = source || !map || sx_fail(err, SX_ERR_NOMEM, "no memory to insert");
    if (done && !all && (part.at > size || part.len > size - part.at))
        done = sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " +%" PRIu64 " is outside the %" PRIu64 " bytes of the file",
                       part.at, part.len, size);
    part = sx_span_clip(part, size);
    Pieces pieces = {0};
    if (done && source)
        done = part.len <= COPIED ? copied(d, source, part, &pieces, err)
                                  : referred(d, source, part, path, &pieces, err);
    done = done && document_insert_pieces(d, at, part.len, &pieces, err);
    pieces_clear(&pieces);
    sx_source_release(source);
    sx_map_free(map);
    return done;
}
