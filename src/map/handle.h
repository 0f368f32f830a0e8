/*
 * handle.h - the inside of an SxMap.
 */
#pragma once

#include "map/view.h"

struct SxMap {
    View view; /* nothing when closed */
    SxAccess access;
    SxMapKind kind;
    uint64_t pos;    /* may lie past the end after a resize */
    uint64_t window; /* as the options gave it, 0: the default */
    bool closed;
    bool whole;           /* opened to the end of the file, so it follows the file's length */
    Region *hot;          /* the standing mapping, held: small reads go straight to it; NULL: there is none */
    const uint8_t *bytes; /* where byte 0 of the map lies in it */
};

/* SX_ERR_CLOSED; also for NULL. */
bool map_usable(const SxMap *m, SxError *err);
/* The same and SX_ERR_READONLY. */
bool map_writable(const SxMap *m, SxError *err);
static inline uint64_t
map_length(const SxMap *m)
{
    return m->view.backing->size;
}
const char *map_name(const SxMap *m);

/* Make `backing` (taken over) and `access` those of the map. Nothing can fail here. */
void map_show(SxMap *m, Backing *backing);

/* Copy [at, at + len), which lies inside the map. SX_ERR_LOST. */
bool map_copy(const SxMap *m, uint64_t at, void *buf, size_t len, SxError *err);

/* The lowest or highest place of `needle` inside `in`, which lies inside the map; lost bytes match
 * nothing. */
SxFound map_find(const SxMap *m, SxBytes needle, SxSpan in, SxJob *job, uint64_t *at, SxError *err);
SxFound map_rfind(const SxMap *m, SxBytes needle, SxSpan in, SxJob *job, uint64_t *at, SxError *err);
