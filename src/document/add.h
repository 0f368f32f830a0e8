/*
 * add.h - the add buffer: new bytes and before-images, append-only, never moved, never changed.
 *
 * It is the data half of the journal: appended by pwrite to chunk files in the state directory (0700, files 0600),
 * mapped read-only for reading, so that it may exceed memory and survives kill -9. Without a state directory, or once
 * that fails or takes longer than 16 ms time after time, appends go to memory and `add_unprotected` says why.
 *
 * Chunk k holds chunk << k bytes and begins at chunk * (2^k - 1), so that an offset tells its chunk and nothing ever
 * moves. Its capacity is only address space: the file `data.k` is as long as what was appended. An append that does
 * not fit the rest of a chunk goes to the next one that is large enough; the offsets between belong to nobody.
 *
 *     offset  0      c         3c                 7c
 *             | data.0 | data.1.. | data.2........  | data.3 ...
 *
 * ownership  counted; a snapshot in another thread keeps it
 * threads    every call from any thread but attach, detach and release of the last count, which need the appenders at rest;
 *            readers of bytes that were appended before take no lock
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>

typedef struct Add Add;

/* dir: the directory of this document's journal, already made, borrowed; NULL: memory. chunk 0: the default. */
bool add_new(Add **out, const char *dir, size_t chunk, SxError *err);
Add *add_retain(Add *a);
void add_release(Add *a);

/* Start keeping the bytes in `dir` from now on; what is already there is written first. On failure they stay where
 * they were, and add_unprotected says why when that is memory. */
bool add_attach(Add *a, const char *dir, SxError *err);
/* Stop keeping them in files: appends go to memory, which is what was asked for, so add_unprotected says nothing. */
void add_detach(Add *a);

/* Append; *at is the offset in the add buffer. One append always lies in one piece. */
bool add_append(Add *a, SxBytes bytes, uint64_t *at, SxError *err);
uint64_t add_size(const Add *a);
size_t add_chunk(const Add *a); /* bytes of the first chunk, as add_recover needs them */

/* The bytes from `at` on that lie in one piece, at least 1; the pointer stays valid as long as the Add. */
SxBytes add_at(const Add *a, uint64_t at);
/* Whether all of [at, at + len) was appended: for offsets that come out of a file. What was appended at once lies in one
 * piece; what only follows on each other may lie in several. */
bool add_holds(const Add *a, uint64_t at, uint64_t len);
/* Copy bytes that it holds. */
void add_copy(const Add *a, uint64_t at, void *to, size_t len);
/* The first bytes at or behind *at, which moves to where they begin; false: there are none. */
bool add_walk(const Add *a, uint64_t *at, SxBytes *bytes);

/* Bytes that its files may hold; 0: no limit. Beyond, bytes are kept in memory, and unprotected. */
void add_limit(Add *a, uint64_t bytes);

bool add_sync(Add *a, SxError *err); /* fdatasync of what is new; any thread */
/* Whether bytes are in memory although they should be in files; `why` (may be NULL) is the first reason. */
bool add_unprotected(const Add *a, SxError *why);

/* The add buffer that a crash left in `dir`, for reading; appends go on behind it. */
bool add_recover(Add **out, const char *dir, size_t chunk, SxError *err);
