/*
 * target.h - the file that a save goes to: where its name leads, what it is, and what may be done with it.
 */
#pragma once

#include <sys/stat.h>

#include <sextant/error.h>

typedef struct Target {
    char *path;       /* the file itself: symbolic links followed, also one that leads to nothing yet */
    const char *name; /* last part of path */
    int dir;          /* its directory; -1: not open */
    bool dir_syncs;   /* dir can be synced */
    bool exists;
    struct stat st;   /* when it exists */
} Target;

/* errors   SX_ERR_KIND: a directory, a name without an end; SX_ERR_MISSING: no such directory */
bool target_open(Target *t, const char *path, SxError *err);
void target_close(Target *t); /* all zero is fine */

/* Whether another file can take its name and be to everybody what it is now; else `why` is filled: why not. */
bool target_replaceable(const Target *t, char *why, size_t room);

/* Bytes that the file system of the directory has for us. */
uint64_t target_space(const Target *t);

/* A name for a new file beside it, `.name.sextant-XXXXXX`, that nothing has yet; NULL: no memory. Yours to free. */
char *target_temporary_name(const Target *t);
/* Whether the last part of a path is such a name, of whatever file: nobody else gives one. */
bool target_is_temporary(const char *path);
/* Make it. Mode 0600, or what the umask gives when `fresh`. -1: see err. */
int target_make(const Target *t, const char *name, bool fresh, SxError *err);
bool target_sync_dir(const Target *t, SxError *err);
