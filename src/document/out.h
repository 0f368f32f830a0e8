/*
 * out.h - a new file written from its start to its end: large blocks, past the cache where the system can, holes left
 * as holes, the writing in a thread of its own while the next block is filled.
 *
 *     while (more) {
 *         size_t room;
 *         uint8_t *to = out_room(o, &room, err);       // at least one byte, NULL when a write has failed
 *         out_put(o, fill(to, room));
 *     }
 *     out_finish(o, err)
 *
 * units      offsets are those of the new file
 * threads    one
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>

typedef struct Out Out;

/* fd: an empty file, borrowed until out_free, as is `name`, for messages. length: what it will have; small files go
 * through the cache. */
bool out_new(Out **out, int fd, const char *name, uint64_t length, SxError *err);
void out_free(Out *o); /* NULL is fine; waits for the writes that are under way */

uint64_t out_at(const Out *o); /* bytes so far */
uint8_t *out_room(Out *o, size_t *room, SxError *err);
void out_put(Out *o, size_t len); /* len <= room */
bool out_bytes(Out *o, SxBytes bytes, SxError *err);
/* `len` zeros, whole blocks of which are not stored. */
bool out_zeros(Out *o, uint64_t len, SxError *err);
/* Bytes until the next offset is one from which blocks can be shared. */
uint64_t out_to_boundary(const Out *o);
/* Share as much of [at, at + len) of another file as can be shared; *done, 0 where nothing can, is a part from its start.
 * Or have the system copy it, where that costs nobody else their cache. Never an error: the rest can be copied. */
void out_share(Out *o, int fd, uint64_t at, uint64_t len, uint64_t *done);
/* `len` bytes will follow here: room for them is asked for now, where the file system can say. Only lack of it fails. */
bool out_reserve(Out *o, uint64_t len, SxError *err);
/* Everything is written (not yet on the disk) and the file is as long as it should be. */
bool out_finish(Out *o, SxError *err);
