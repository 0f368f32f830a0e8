/*
 * metadata.c - the order matters: owner first (it clears set-user-id), then mode, then ACLs, which are attributes.
 */
#include "document/metadata.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { GROUPS_MAX = 65536, TRIES = 8 };

static bool
in_group(gid_t gid)
{
    if (gid == getegid())
        return true;
    int n = getgroups(0, NULL);
    gid_t *groups = n > 0 && n <= GROUPS_MAX ? malloc((size_t)n * sizeof *groups) : NULL;
    n = groups ? getgroups(n, groups) : 0;
    bool found = false;
    for (int i = 0; i < n; i++)
        found = found || groups[i] == gid;
    free(groups);
    return found;
}

bool
metadata_owner_possible(const struct stat *st)
{
    return geteuid() == 0 || (st->st_uid == geteuid() && in_group(st->st_gid));
}

static bool
copy_owner(int to, const struct stat *from, SxError *err)
{
    struct stat st;
    if (fstat(to, &st) == 0 && st.st_uid == from->st_uid && st.st_gid == from->st_gid)
        return true;
    return fchown(to, from->st_uid, from->st_gid) == 0 ||
           sx_fail_errno(err, errno, "its owner %u:%u cannot be kept", (unsigned)from->st_uid, (unsigned)from->st_gid);
}

/* What grows between asking for the size and asking for the content is asked again. */
static char *
list_names(int fd, size_t *len)
{
    for (unsigned i = 0; i < TRIES; i++) {
        ssize_t need = flistxattr(fd, NULL, 0);
        if (need < 0)
            return NULL;
        char *names = malloc((size_t)need + 1);
        if (!names) {
            errno = ENOMEM;
            return NULL;
        }
        ssize_t got = flistxattr(fd, names, (size_t)need);
        if (got >= 0) {
            *len = (size_t)got;
            names[got] = 0;
            return names;
        }
        free(names);
        if (errno != ERANGE)
            return NULL;
    }
    return NULL;
}

/* 0, or an errno. */
static int
copy_attribute(int from, int to, const char *name)
{
    for (unsigned i = 0; i < TRIES; i++) {
        ssize_t need = fgetxattr(from, name, NULL, 0);
        if (need < 0)
            return errno == ENODATA ? 0 : errno;
        void *value = malloc((size_t)need + 1);
        if (!value)
            return ENOMEM;
        ssize_t got = fgetxattr(from, name, value, (size_t)need);
        int errnum = got < 0 ? errno : fsetxattr(to, name, value, (size_t)got, 0) != 0 ? errno : 0;
        free(value);
        if (errnum != ERANGE)
            return errnum;
    }
    return ERANGE;
}

/* Attributes that a security module guards are its to give: it has labelled the new file already. */
static bool
is_guarded(const char *name)
{
    return strncmp(name, "security.", 9) == 0 || strncmp(name, "trusted.", 8) == 0;
}

static bool
copy_attributes(int from, int to, SxError *err)
{
    size_t len = 0;
    char *names = list_names(from, &len);
    if (!names)
        return errno == ENOTSUP || errno == ENOSYS || sx_fail_errno(err, errno, "cannot read its extended attributes");
    bool done = true;
    for (const char *name = names; done && name < names + len; name += strlen(name) + 1) {
        int errnum = copy_attribute(from, to, name);
        if (errnum && !is_guarded(name))
            done = sx_fail_errno(err, errnum, "its attribute %s cannot be kept", name);
    }
    free(names);
    return done;
}

bool
metadata_copy(int from, int to, SxError *err)
{
    struct stat st;
    if (fstat(from, &st) != 0)
        return sx_fail_errno(err, errno, "cannot look at it");
    if (!copy_owner(to, &st, err))
        return false;
    if (fchmod(to, st.st_mode & 07777) != 0)
        return sx_fail_errno(err, errno, "its mode %04o cannot be kept", (unsigned)st.st_mode & 07777);
    return copy_attributes(from, to, err);
}

bool
metadata_restore_mode(int fd, const struct stat *before)
{
    struct stat st;
    return fstat(fd, &st) == 0 && ((st.st_mode & 07777) == (before->st_mode & 07777) ||
                                   fchmod(fd, before->st_mode & 07777) == 0);
}
