/*
 * spill.h - blocks of memory put away in a file that has no name, for when there is much of it.
 *
 * The file comes into being with the first block, in $TMPDIR, /var/tmp or /tmp, readable by its owner alone, and is gone
 * when the process is.
 *
 * units      offsets are bytes of that file; whoever puts blocks there knows where they are
 * errors     a file that cannot be made or is full takes nothing more: `failed`, and the rest stays in memory
 * ownership  the file is the SxSpill's, until sx_spill_close
 * threads    one
 */
#pragma once

#include <sextant/bytes.h>

SX_BEGIN

typedef struct SxSpill {
    int fd;      /* -1: none yet */
    bool failed; /* there is none to be had, or it is full: keep the rest in memory */
} SxSpill;

static inline SxSpill
sx_spill_none(void)
{
    return (SxSpill){.fd = -1};
}

/* Writes at `at`; false: nothing was put away. */
bool sx_spill_put(SxSpill *s, uint64_t at, const void *data, size_t len);
/* Reads what was put there; false: it cannot be read. */
bool sx_spill_get(const SxSpill *s, uint64_t at, void *out, size_t len);
void sx_spill_close(SxSpill *s);

SX_END
