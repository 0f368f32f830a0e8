/*
 * wire.h - numbers little-endian in a buffer, written and read one after the other; running over is remembered, so
 * that one check at the end is enough.
 */
#pragma once

#include <stdlib.h>
#include <string.h>

#include <sextant/bytes.h>

#include "document/pieces.h"

/* --- writing: a buffer that grows ------------------------------------------------------------------------------- */

typedef struct Wire {
    uint8_t *data; /* free() it */
    size_t len;
    size_t room;
    bool failed; /* no memory: data is not whole */
} Wire;

static inline uint8_t *
wire_space(Wire *w, size_t len)
{
    if (w->failed || len > SIZE_MAX / 4 - w->len) {
        w->failed = true;
        return NULL;
    }
    if (len > w->room - w->len) {
        size_t room = (w->len + len) * 2;
        uint8_t *data = realloc(w->data, room);
        if (!data) {
            w->failed = true;
            return NULL;
        }
        w->data = data;
        w->room = room;
    }
    w->len += len;
    return w->data + w->len - len;
}

static inline void
wire_put(Wire *w, uint64_t value, size_t bytes)
{
    uint8_t *p = wire_space(w, bytes);
    for (size_t i = 0; p && i < bytes; i++)
        p[i] = (uint8_t)(i < sizeof value ? value >> (8 * i) : 0);
}

static inline void
wire_put_bytes(Wire *w, SxBytes bytes)
{
    uint8_t *p = wire_space(w, bytes.len);
    if (p && bytes.len > 0)
        memcpy(p, bytes.data, bytes.len);
}

/* A length of 32 bits, then the bytes without their NUL. NULL is "". */
static inline void
wire_put_text(Wire *w, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    wire_put(w, len, 4);
    wire_put_bytes(w, sx_bytes(text, len));
}

/* 7 bits a byte, the lowest first, the highest bit says that more follow. */
static inline void
wire_put_short(Wire *w, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        wire_put(w, (value & 0x7f) | 0x80, 1);
    wire_put(w, value, 1);
}

/* In short numbers: for files that nobody else reads. */
static inline void
wire_put_piece(Wire *w, const Piece *p)
{
    wire_put(w, p->kind, 1);
    wire_put_short(w, p->offset);
    wire_put_short(w, p->len);
    wire_put_short(w, p->epoch);
    wire_put_short(w, p->source);
}

/* --- reading: bytes that may lie ---------------------------------------------------------------------------------- */

typedef struct Unwire {
    SxBytes rest;
    bool failed; /* ran over; what was read since is 0 */
} Unwire;

static inline SxBytes
unwire_bytes(Unwire *u, size_t len)
{
    if (u->failed || len > u->rest.len) {
        u->failed = true;
        return sx_bytes("", 0);
    }
    SxBytes out = {u->rest.data, len};
    u->rest = sx_bytes(u->rest.data + len, u->rest.len - len);
    return out;
}

static inline uint64_t
unwire(Unwire *u, size_t bytes)
{
    SxBytes b = unwire_bytes(u, bytes);
    uint64_t value = 0;
    for (size_t i = 0; i < b.len; i++)
        value |= (uint64_t)b.data[i] << (8 * i);
    return value;
}

static inline SxBytes
unwire_text(Unwire *u)
{
    return unwire_bytes(u, (size_t)unwire(u, 4));
}

static inline uint64_t
unwire_short(Unwire *u)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint64_t byte = unwire(u, 1);
        if (shift == 63 && byte > 1)
            break;
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    u->failed = true;
    return 0;
}

static inline Piece
unwire_piece(Unwire *u)
{
    Piece p = {.kind = (uint8_t)unwire(u, 1)};
    p.offset = unwire_short(u);
    p.len = unwire_short(u);
    p.epoch = (uint32_t)unwire_short(u);
    p.source = (uint16_t)unwire_short(u);
    return p;
}
