/*
 * access.c - READ, COPY, WRITE, and the ways between them.
 */
#include "document/core.h"

/* What becomes of pending changes on the way to WRITE. */
static bool
settle_pending(SxDocument *d, SxPending pending, SxError *err)
{
    if (!sx_document_modified(d))
        return true;
    SxChangeCount c = sx_document_changes(d);
    switch (pending) {
    case SX_PENDING_WRITE:
        return sx_document_save(d, 0, NULL, NULL, err);
    case SX_PENDING_DISCARD:
        return sx_document_revert(d, NULL, err);
    case SX_PENDING_REFUSE:
        break;
    }
    return sx_fail(err, SX_ERR_ASK, "%llu change%s pending in %s", (unsigned long long)c.hunks, c.hunks == 1 ? "" : "s",
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
    if (settle_pending(d, pending, err) && (!d->map || sx_map_set_access(d->map, SX_ACCESS_WRITE, err))) {
        document_renew_source(d);
        return true;
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
    if (access == SX_ACCESS_WRITE && !to_write(d, pending, err))
        return false;
    if (d->access == SX_ACCESS_WRITE && d->map) {
        if (!sx_map_set_access(d->map, SX_ACCESS_READ, err))
            return false;
        document_renew_source(d);
    }
    d->access = access;
    history_close(&d->history);
    document_log(d, JOURNAL_ACCESS, access);
    document_changed(d);
    return true;
}
