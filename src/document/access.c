/*
 * access.c - READ, COPY, WRITE, and the ways between them.
 */
#include "document/core.h"

#include <inttypes.h>

/* What becomes of pending changes before WRITE begins. */
static bool
settle_pending(SxDocument *d, SxPending pending, SxError *err)
{
    SxChangeCount c = sx_document_changes(d);
    if (c.hunks == 0)
        return true;
    if (pending == SX_PENDING_WRITE)
        return sx_document_save(d, 0, NULL, NULL, err);
    if (pending == SX_PENDING_DISCARD)
        return sx_document_revert(d, NULL, err);
    return sx_fail(err, SX_ERR_ASK, "%" PRIu64 " change%s pending in %s", c.hunks, c.hunks == 1 ? "" : "s",
                   sx_document_name(d));
}

static bool
can_write(const SxDocument *d, SxError *err)
{
    if (d->kind == SX_KIND_MEMORY || d->kind == SX_KIND_STREAM)
        return sx_fail(err, SX_ERR_UNSUPPORTED, "no file to write through to. :write NAME makes one");
    if (d->missing)
        return sx_fail(err, SX_ERR_MISSING, "%s does not exist yet. :write makes it", sx_document_name(d));
    return true;
}

/* Map the file anew for this access, and read it through that. */
static bool
remap(SxDocument *d, SxAccess access, SxError *err)
{
    return !d->map || (sx_map_set_access(d->map, access, err) && document_renew_source(d, err));
}

static bool
to_write(SxDocument *d, SxPending pending, SxError *err)
{
    if (!can_write(d, err))
        return false;
    if (d->history.depth > 0 || d->saving)
        return sx_fail(err, SX_ERR_BUSY, "not in the middle of a change");
    SxAccess before = d->access;
    if (before == SX_ACCESS_READ)
        d->access = SX_ACCESS_COPY; /* what is pending may be discarded */
    if (settle_pending(d, pending, err)) {
        if (remap(d, SX_ACCESS_WRITE, err))
            return true;
        remap(d, SX_ACCESS_READ, NULL);
    }
    d->access = before;
    return false;
}

bool
sx_document_set_access(SxDocument *d, SxAccess access, SxPending pending, SxError *err)
{
    if (access == SX_ACCESS_DEFAULT)
        access = SX_ACCESS_COPY;
    if (access == d->access)
        return true;
    if (!document_release(d, err))
        return false;
    if (d->look)
        return sx_fail(err, SX_ERR_READONLY, "%s: only to be looked at; :recover takes it up", sx_document_name(d));
    d->waived = d->waived || d->journal_error.code == SX_ERR_BUSY; /* whoever was told may still want to */
    if (access == SX_ACCESS_WRITE ? !to_write(d, pending, err) : d->access == SX_ACCESS_WRITE && !remap(d, SX_ACCESS_READ, err))
        return false;
    d->access = access;
    if (d->history.depth == 0)
        history_close(&d->history);
    document_log(d, JOURNAL_ACCESS, access);
    document_changed(d);
    return true;
}
