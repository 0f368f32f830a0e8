/* text_file.c - see text_file.h. */
#include "command/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
open_direct(TextFile *f, SxError *err)
{
    f->fd = open(f->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return f->fd >= 0 || sx_fail_errno(err, errno, "cannot write '%s'", f->path);
}

/* With the rights that a new file gets, or those of the file it replaces. */
static bool
open_beside(TextFile *f, const struct stat *old, SxError *err)
{
    if (asprintf(&f->beside, "%s.sextant-%ld", f->path, (long)getpid()) < 0) {
        f->beside = NULL;
        return sx_fail(err, SX_ERR_NOMEM, "no memory to write '%s'", f->path);
    }
    mode_t mode = old ? old->st_mode & 0777 : 0666;
    f->fd = open(f->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    return f->fd >= 0 || sx_fail_errno(err, errno, "cannot write '%s'", f->path);
}

static void
text_file_clear(TextFile *f)
{
    free(f->path);
    free(f->beside);
    *f = (TextFile){.fd = -1};
}

bool
text_file_open(TextFile *f, const char *path, const char *what, bool force, SxError *err)
{
    struct stat st;
    bool there = stat(path, &st) == 0;
    if (there && S_ISREG(st.st_mode) && !force)
        return sx_fail(err, SX_ERR_ASK, "%s exists; %s! replaces it", path, what);
    *f = (TextFile){.path = strdup(path), .fd = -1};
    bool ok = f->path || sx_fail(err, SX_ERR_NOMEM, "no memory to write '%s'", path);
    if (ok && there && !S_ISREG(st.st_mode))
        ok = open_direct(f, err);
    else if (ok)
        ok = open_beside(f, there ? &st : NULL, err);
    if (!ok)
        text_file_clear(f);
    return ok;
}

bool
text_file_write(TextFile *f, SxBytes text, SxError *err)
{
    while (text.len > 0) {
        ssize_t n = write(f->fd, text.data, text.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return sx_fail_errno(err, errno, "cannot write '%s'", f->path);
        text = sx_bytes(text.data + n, text.len - (size_t)n);
    }
    return true;
}

bool
text_file_close(TextFile *f, bool keep, SxError *err)
{
    bool whole = keep && (!f->beside || fsync(f->fd) == 0);
    whole = close(f->fd) == 0 && whole;
    if (f->beside)
        whole = whole && rename(f->beside, f->path) == 0;
    if (keep && !whole)
        sx_fail_errno(err, errno, "cannot write '%s'", f->path);
    if (f->beside && !whole)
        unlink(f->beside);
    text_file_clear(f);
    return whole || !keep;
}
