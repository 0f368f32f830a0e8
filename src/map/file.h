/*
 * file.h - a counted descriptor with what the layer knows of it.
 *
 * A map, its backings and its sources hold the same File, so the descriptor lives as long as anything that
 * was mapped from it: the SIGBUS handler asks it for the size.
 */
#pragma once

#include <sextant/map.h>

#include "map/known.h"

#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/types.h>

enum { WRITES_KEPT = 64 };

/* The last stores of ours, so that a reader can tell whether one crossed what it read. File offsets. */
typedef struct Writes {
    atomic_uint count;
    struct {
        _Atomic uint64_t at, end;
    } last[WRITES_KEPT];
} Writes;

typedef struct File {
    atomic_uint refs;
    int fd;
    char *name; /* as the user called it, for messages and for opening again */
    SxMapKind kind;
    bool by_path;    /* `name` is a path */
    bool memory;     /* ours alone: a memory file or a spool; nobody can cut it */
    bool writable;   /* the descriptor takes pwrite */
    bool own_offset; /* the descriptor's offset is ours, so SEEK_DATA disturbs nobody */
    bool mappable;   /* worth trying to mmap */
    bool in_memory;  /* tmpfs: reading a hole through a mapping fills it */
    bool endless;    /* a character device without a size */
    bool process;    /* /proc/PID/mem: offsets are unsigned, most are unmapped */
    bool overlay;    /* on an overlay file system, where a first write makes another inode */
    dev_t dev;
    ino_t ino;
    Writes writes;
    Known known;
} File;

/*
 * Open by path, never blocking and never taking a terminal. `access` comes in as asked and goes out as READ
 * or WRITE (COPY stays). Of /proc files whose size lies the content is read. `made` tells whether
 * SX_MAP_CREATE made the file.
 */
bool file_open(File **out, const char *path, SxAccess *access, unsigned flags, bool *made, SxError *err);
/* The same for a descriptor of the caller, which is duplicated or, where that works, opened anew. */
bool file_adopt(File **out, int fd, SxAccess *access, SxError *err);
/* A memory file of `length` zero bytes. */
bool file_memory(File **out, uint64_t length, const char *name, SxError *err);
/* Take over `fd`, a memory file or a spool; closes it also on failure. */
bool file_spooled(File **out, int fd, const char *name, SxMapKind kind, SxError *err);
/* The same inode, opened for reading and writing. */
bool file_writable(File **out, const File *of, SxError *err);

File *file_retain(File *f);
void file_release(File *f);

bool file_size(File *f, uint64_t *out, SxError *err);
/* False when the size is unknown. What it says is known from then on. */
bool file_size_now(File *f, uint64_t *out);
/* The same, async-signal-safe; nobody else learns of it. */
bool file_size_in_signal(const File *f, uint64_t *out);

/* ftruncate, for files and memory. */
bool file_resize(File *f, uint64_t size, SxError *err);

/* pread and pwrite that know offsets beyond 2^63; -1 and errno. */
ssize_t file_read_at(const File *f, uint64_t at, void *buf, size_t len);
ssize_t file_write_at(const File *f, uint64_t at, const void *buf, size_t len);

/*
 * Overwrite [at, at + bytes.len) of the file. When it fails half way, as on a full disk, the old bytes, which
 * `old` holds, are written back, and the message says so. NULL: there are none to put back.
 */
bool file_store(File *f, uint64_t at, SxBytes bytes, const uint8_t *old, SxError *err);

/* Whether a store touched `span` since `count` was read from writes.count; also when it is too long ago to
 * tell. */
bool writes_crossed(const Writes *w, unsigned since, SxSpan span);
void writes_note(Writes *w, SxSpan span);
