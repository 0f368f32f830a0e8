/*
 * map.h - a file, a device or a block of memory as one array of bytes with a position.
 *
 * All of Python's mmap object, in C: look, find, assign a slice, move, flush, resize, advise. A slice keeps its
 * length; insertion, undo and saving belong to document.h.
 *
 * units      offsets and lengths are bytes; signed arguments count from the end when negative, as in Python
 * access     READ: nothing can change. WRITE: a change is in the file at once, by pwrite, and every other mapping of
 *            it sees it. COPY: changes stay in memory, byte by byte, whatever happens to the file. DEFAULT: what the
 *            descriptor allows, WRITE or else READ; READ for devices and process memory opened by path
 * errors     bool + SxError (may be NULL); on failure outputs keep their value and the map is unchanged
 * ownership  a map owns its descriptor and pages; the source of a map keeps them alive on its own
 * closed     after sx_map_close every call answers SX_ERR_CLOSED until sx_map_free; closing twice is fine
 * threads    one map is used by one thread at a time; its source by any number
 * hazard     the file may shrink under us: no SIGBUS reaches the caller, reading lost bytes is SX_ERR_LOST, storing
 *            into them too. A file that has grown again is read again; growth beyond the map needs sx_map_refresh
 * see        Python library reference "mmap"; POSIX.1-2024 mmap, msync; madvise(2)
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>
#include <sextant/job.h>
#include <sextant/source.h>

SX_BEGIN

typedef struct SxMap SxMap;

typedef enum SxAccess { SX_ACCESS_DEFAULT, SX_ACCESS_READ, SX_ACCESS_WRITE, SX_ACCESS_COPY } SxAccess;

typedef enum SxMapFlags {
    SX_MAP_EXTEND = 1 << 0,  /* WRITE: a file shorter than offset + length grows, zero-filled */
    SX_MAP_PRIVATE = 1 << 1, /* anonymous memory: not shared with children of fork; see also SX_MAP_SHARED */
    SX_MAP_CREATE = 1 << 2,  /* WRITE: make the file when it does not exist */
    /* Instead of an access, as Python's constructor takes them: protection READ gives READ; WRITE, or none given, gives
     * WRITE where shared and COPY where private. With an access they are SX_ERR_SYNTAX. */
    SX_MAP_SHARED = 1 << 3,
    SX_MAP_PROT_READ = 1 << 4,
    SX_MAP_PROT_WRITE = 1 << 5,
} SxMapFlags;

/* All zero is the default: the whole file, DEFAULT access. */
typedef struct SxMapOptions {
    SxAccess access;
    int64_t offset;  /* where the map begins in the file; any value >= 0 */
    uint64_t length; /* 0: to the end of the file */
    unsigned flags;  /* SxMapFlags */
    size_t window;   /* for tests: the largest stretch mapped at once, 0 for the default; a multiple of the page */
} SxMapOptions;

/* Where a range argument is left out. */
#define SX_FROM_POS INT64_MIN /* start: the position */
#define SX_TO_END   INT64_MAX /* end: the length */

typedef enum SxWhence { SX_SEEK_START, SX_SEEK_HERE, SX_SEEK_END } SxWhence;

/* --- opening -------------------------------------------------------------------------------------------------- */

/*
 * Map `path`: a file, a block device, a seekable character device (one without an end, /dev/zero, with a length), the
 * memory of a process, a /proc or /sys file whose size lies (its content now, at most 64 MiB, READ).
 *
 * errors   SX_ERR_EMPTY: length 0 of an empty file; SX_ERR_RANGE: offset negative or past the end, length past the
 *          end without EXTEND; SX_ERR_KIND: directory, socket; SX_ERR_MISSING, SX_ERR_PERMISSION; a FIFO, terminal
 *          or pipe is SX_ERR_KIND here (use sx_map_open_stream) and never blocks. What fails leaves no new file
 *          behind, and none longer
 * cost     O(1) whatever the size
 */
SX_API bool sx_map_open(SxMap **out, const char *path, const SxMapOptions *options, SxError *err) SX_MUST_USE;

/* The same for a descriptor, which stays the caller's: its position and flags do not change. fd -1 is anonymous memory
 * of options->length bytes. */
SX_API bool sx_map_open_fd(SxMap **out, int fd, const SxMapOptions *options, SxError *err) SX_MUST_USE;

/* `length` > 0 zero bytes of memory, WRITE access. */
SX_API bool sx_map_open_anonymous(SxMap **out, uint64_t length, unsigned flags, SxError *err) SX_MUST_USE;

/*
 * Read a pipe, FIFO, terminal or socket to its end into a memory file that spills to disk beyond 64 MiB; then READ.
 * May be empty: length 0 is no error here. Cancel by `job`: what came is kept. `fd` stays open and the caller's.
 */
SX_API bool sx_map_open_stream(SxMap **out, int fd, const char *name, SxJob *job, SxError *err) SX_MUST_USE;

/*
 * The same in steps, so that what has come can be looked at while the rest is on its way: a thread pours, until the end,
 * a cancel or a failure; others ask how much there is, and map that. `fd` must stay open as long as somebody pours.
 */
typedef struct SxStream SxStream;
SX_API bool sx_stream_new(SxStream **out, int fd, const char *name, SxError *err) SX_MUST_USE;
SX_API SxStream *sx_stream_retain(SxStream *s);
SX_API void sx_stream_release(SxStream *s); /* NULL is fine */
SX_API bool sx_stream_pour(SxStream *s, SxJob *job, SxError *err) SX_MUST_USE;
/* Read no further than about so many bytes in all until it is called again; at first there is no limit. Any thread. */
SX_API void sx_stream_limit(SxStream *s, uint64_t bytes);
SX_API uint64_t sx_stream_length(SxStream *s); /* bytes that have come */
SX_API bool sx_stream_map(SxStream *s, SxMap **out, SxError *err) SX_MUST_USE;

SX_API void sx_map_close(SxMap *m);
SX_API bool sx_map_closed(const SxMap *m);
SX_API void sx_map_free(SxMap *m); /* closes first; NULL is fine */

/* --- the object ------------------------------------------------------------------------------------------------ */

SX_API bool sx_map_length(const SxMap *m, uint64_t *out, SxError *err); /* len(m) */
SX_API bool sx_map_size(const SxMap *m, uint64_t *out, SxError *err);   /* of the file now; of memory its length */
/* Bytes of the file that have blocks on its disk, as it was when it was last looked at; UINT64_MAX: not known. Asks
 * nobody, so it never waits; a shared or compressed block counts whole or less, as the file system has it. */
SX_API uint64_t sx_map_stored(const SxMap *m);
SX_API bool sx_map_tell(const SxMap *m, uint64_t *out, SxError *err);
SX_API bool sx_map_seek(SxMap *m, int64_t offset, SxWhence whence, SxError *err); /* the end itself is allowed */
SX_API bool sx_map_seek_to(SxMap *m, uint64_t offset, SxError *err);              /* from the start, full range */
SX_API SxAccess sx_map_access(const SxMap *m);                                    /* never DEFAULT */

SX_API bool sx_map_get(const SxMap *m, int64_t index, uint8_t *out, SxError *err); /* m[i] */
SX_API bool sx_map_set(SxMap *m, int64_t index, uint8_t byte, SxError *err);       /* m[i] = b */

/* The span that the slice [a:b] means, clipped as Python clips it. Never fails. */
SX_API SxSpan sx_slice(uint64_t length, int64_t a, int64_t b);

/* m[a:b] into a new block, yours to free() (never NULL on success), and its length. */
SX_API bool sx_map_slice(const SxMap *m, int64_t a, int64_t b, uint8_t **out, size_t *len, SxError *err) SX_MUST_USE;
/* m[a:b:step]; step != 0, negative walks backwards; defaults of a and b: SX_FROM_POS means "left out" here. */
SX_API bool sx_map_slice_step(const SxMap *m, int64_t a, int64_t b, int64_t step, uint8_t **out, size_t *len,
                              SxError *err) SX_MUST_USE;
/* Copy at most `max` bytes at offset `at`; `got` is less only at the end. The workhorse; moves nothing. */
SX_API bool sx_map_peek(const SxMap *m, uint64_t at, void *buf, size_t max, size_t *got, SxError *err);
/* m[a:b] = bytes; SX_ERR_LENGTH, with both lengths in the text, when they differ. */
SX_API bool sx_map_assign(SxMap *m, int64_t a, int64_t b, SxBytes bytes, SxError *err);
/* Overwrite at an absolute offset, wholly inside the map. All or nothing: when a disk is full half way, the old bytes are
 * put back; if even that fails, the message says how many are not as they were. */
SX_API bool sx_map_store(SxMap *m, uint64_t at, SxBytes bytes, SxError *err);

/*
 * Lowest (find) or highest (rfind) offset with `needle` wholly inside [start, end).
 *
 * start    SX_FROM_POS: the position; negative counts from the end
 * end      SX_TO_END: the length
 * needle   borrowed for the call; empty is found at start (find) or end (rfind) where start <= end
 * returns  SX_FOUND, SX_ABSENT, SX_STOPPED (cancelled), SX_FAILED (err)
 * cost     O(n) time, O(1) memory
 */
SX_API SxFound sx_map_find(const SxMap *m, SxBytes needle, int64_t start, int64_t end, SxJob *job, uint64_t *at,
                           SxError *err);
SX_API SxFound sx_map_rfind(const SxMap *m, SxBytes needle, int64_t start, int64_t end, SxJob *job, uint64_t *at,
                            SxError *err);
SX_API SxFound sx_map_contains(const SxMap *m, SxBytes needle, SxError *err);

/* Read up to `max` bytes at the position and advance. max SIZE_MAX: to the end. A new block, yours to free(). */
SX_API bool sx_map_read(SxMap *m, size_t max, uint8_t **out, size_t *len, SxError *err) SX_MUST_USE;
SX_API bool sx_map_read_into(SxMap *m, void *buf, size_t max, size_t *got, SxError *err);
SX_API bool sx_map_read_byte(SxMap *m, uint8_t *out, SxError *err);
SX_API bool sx_map_readline(SxMap *m, uint8_t **out, size_t *len, SxError *err) SX_MUST_USE; /* with its \n */
SX_API bool sx_map_write(SxMap *m, SxBytes bytes, SxError *err); /* all or nothing; advances */
SX_API bool sx_map_write_byte(SxMap *m, uint8_t byte, SxError *err);

/*
 * The file becomes offset + length long and the map follows. WRITE and anonymous only; length > 0. The position may
 * then lie past the end: reads there are empty, writes are errors. Pins and sources of before stay valid.
 */
SX_API bool sx_map_resize(SxMap *m, uint64_t length, SxError *err);
/* memmove; all or nothing up to 64 MiB, beyond that a failing disk leaves it half done and the message says where. */
SX_API bool sx_map_move(SxMap *m, uint64_t dest, uint64_t src, uint64_t count, SxError *err);
/* WRITE: the range is on the disk when it returns. Any alignment; SX_SPAN_ALL. READ and COPY: nothing to do. */
SX_API bool sx_map_flush(SxMap *m, SxSpan range, SxError *err);

typedef enum SxAdviceKind { SX_ADVICE_SAFE, SX_ADVICE_DESTRUCTIVE, SX_ADVICE_REFUSED } SxAdviceKind;
/*
 * madvise by name ("WILLNEED", "DONTNEED" ...; case does not matter, an "MADV_" before it neither).
 * errors   SX_ERR_UNKNOWN: no such advice anywhere; SX_ERR_UNSUPPORTED: not on this platform;
 *          SX_ERR_FORCE: would destroy data and `force` is false; HWPOISON, SOFT_OFFLINE and guard pages are
 *          SX_ERR_PERMISSION always. The changes of COPY survive any advice
 */
SX_API bool sx_map_advise(SxMap *m, const char *name, SxSpan range, bool force, SxError *err);
/* The i-th name that this platform has, NULL behind the last. */
SX_API const char *sx_map_advice_name(size_t i);

/* --- for the layers above ---------------------------------------------------------------------------------------- */

/* The map as a source; one count is yours. It shows the length at the time of the call, COPY edits included, those to
 * come too, and outlives the map. Its pins are stale when a store of this map touches them. NULL: closed, or no memory. */
SX_API SxSource *sx_map_source(SxMap *m) SX_MUST_USE;

typedef enum SxMapKind {
    SX_KIND_FILE,
    SX_KIND_BLOCK,  /* block device */
    SX_KIND_CHAR,   /* seekable character device */
    SX_KIND_PROC,   /* /proc/PID/mem and files whose size lies */
    SX_KIND_MEMORY, /* anonymous */
    SX_KIND_STREAM, /* spooled pipe */
} SxMapKind;
SX_API SxMapKind sx_map_kind(const SxMap *m);

/*
 * Make a READ map of a file writable, or a writable one READ again. Opens O_RDWR by path (through /proc/self/fd where
 * that still names the same inode), maps from the new descriptor and compares: on overlay file systems a copy-up makes
 * another inode (SX_ERR_CONFLICT when the bytes differ). To COPY and back works too; SX_ERR_ASK while it has changes that
 * are neither written through nor discarded. Pins and sources of before stay valid.
 */
SX_API bool sx_map_set_access(SxMap *m, SxAccess access, SxError *err);

/*
 * The changes of a COPY map: into the file, only the bytes that were changed, after which it goes on as COPY with nothing
 * pending; or away. Without changes, and for other maps, there is nothing to do.
 */
SX_API bool sx_map_write_through(SxMap *m, SxError *err);
SX_API bool sx_map_discard(SxMap *m, SxError *err);

/* Look at the file again: its new length where it changed (whole-file maps only). `changed` may be NULL. Sources of
 * before keep their size. */
SX_API bool sx_map_refresh(SxMap *m, bool *changed, SxError *err);

/* Forget which bytes were lost: who asks next has them read anew, from a mapping of its own. Sources of before keep what
 * they saw. Costs no reading. */
SX_API bool sx_map_reread(SxMap *m, SxError *err);

/* The descriptor, borrowed; -1 for memory. For fstat, fdatasync, copy_file_range; never for stores. */
SX_API int sx_map_fd(const SxMap *m);

SX_API bool sx_map_lost(const SxMap *m, SxSpan range); /* whether any byte of it is known to be lost */

/*
 * Decline (false) or install (true) our SIGBUS handler; it is installed at the first mapping unless declined. The
 * handler passes on every signal that is not about a mapping of ours to whoever was there before. Declined, files are
 * read by pread into copies: slower, and no signal either. SX_ERR_BUSY: declining while mappings are open.
 */
SX_API bool sx_map_sigbus(bool install, SxError *err);

SX_END
