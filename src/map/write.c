/*
 * write.c - bytes into a map: by pwrite in WRITE, into the overlay in COPY. Never through the mapping.
 */
#include "map/handle.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* [at, at + len) lies inside, and the map may be changed. */
static bool
store(SxMap *m, uint64_t at, SxBytes bytes, SxError *err)
{
    if (bytes.len == 0)
        return true;
    if (m->access == SX_ACCESS_COPY)
        return overlay_store(m->view.overlay, at, bytes, err);
    return m->view.backing->ops->store(m->view.backing, at, bytes, err);
}

static bool
fits(const SxMap *m, uint64_t at, uint64_t len)
{
    return at <= map_length(m) && len <= map_length(m) - at;
}

bool
sx_map_store(SxMap *m, uint64_t at, SxBytes bytes, SxError *err)
{
    if (!map_writable(m, err))
        return false;
    if (!fits(m, at, bytes.len))
        return sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " +%zu is outside the %" PRIu64 " bytes there are", at,
                       bytes.len, map_length(m));
    return store(m, at, bytes, err);
}

bool
sx_map_assign(SxMap *m, int64_t a, int64_t b, SxBytes bytes, SxError *err)
{
    if (!map_writable(m, err))
        return false;
    SxSpan span = sx_slice(map_length(m), a, b);
    if (span.len != bytes.len)
        return sx_fail(err, SX_ERR_LENGTH, "%zu bytes for a slice of %" PRIu64 ": a slice keeps its length",
                       bytes.len, span.len);
    return store(m, span.at, bytes, err);
}

bool
sx_map_write(SxMap *m, SxBytes bytes, SxError *err)
{
    if (!map_writable(m, err))
        return false;
    if (!fits(m, m->pos, bytes.len))
        return sx_fail(err, SX_ERR_RANGE,
                       "%zu bytes do not fit between 0x%" PRIx64 " and the end, 0x%" PRIx64, bytes.len,
                       m->pos, map_length(m));
    if (!store(m, m->pos, bytes, err))
        return false;
    m->pos += bytes.len;
    return true;
}

bool
sx_map_write_byte(SxMap *m, uint8_t byte, SxError *err)
{
    return sx_map_write(m, sx_bytes(&byte, 1), err);
}

/* --- move ----------------------------------------------------------------------------------------------- */

enum { MOVE_BLOCK = 64 << 20 };

/* One block through memory; all of it or nothing. */
static bool
move_block(SxMap *m, uint64_t dest, uint64_t src, size_t len, uint8_t *block, SxError *err)
{
    return map_copy(m, src, block, len, err) && store(m, dest, sx_bytes(block, len), err);
}

/* From the end that does not overwrite what is still to be read. */
static bool
move_blocks(SxMap *m, uint64_t dest, uint64_t src, uint64_t count, uint8_t *block, SxError *err)
{
    for (uint64_t done = 0; done < count;) {
        uint64_t len = count - done < MOVE_BLOCK ? count - done : MOVE_BLOCK;
        uint64_t skip = dest < src ? done : count - done - len;
        SxError why;
        if (!move_block(m, dest + skip, src + skip, (size_t)len, block, &why)) {
            if (done == 0 && err)
                *err = why;
            return done == 0 ? false
                             : sx_fail(err, why.code, "moved %" PRIu64 " of %" PRIu64 " bytes, then: %s",
                                       done, count, why.text);
        }
        done += len;
    }
    return true;
}

bool
sx_map_move(SxMap *m, uint64_t dest, uint64_t src, uint64_t count, SxError *err)
{
    if (!map_writable(m, err))
        return false;
    if (!fits(m, dest, count) || !fits(m, src, count))
        return sx_fail(err, SX_ERR_RANGE,
                       "%" PRIu64 " bytes from 0x%" PRIx64 " to 0x%" PRIx64 " reach outside the %" PRIu64
                       " bytes there are",
                       count, src, dest, map_length(m));
    if (count == 0 || dest == src)
        return true;
    uint8_t *block = malloc(count < MOVE_BLOCK ? (size_t)count : MOVE_BLOCK);
    if (!block)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to move %" PRIu64 " bytes", count);
    bool done = move_blocks(m, dest, src, count, block, err);
    free(block);
    return done;
}
