/*
 * add.h - the add buffer: new bytes and before-images, append-only, never moved, never changed.
 *
 * It is the data half of the journal: appended by pwrite to chunk files in the state directory (0700, files 0600),
 * mapped read-only for reading, so that it may exceed memory and survives kill -9. Without a state directory, or once
 * that fails or takes longer than 16 ms, appends go to memory and `add_unprotected` says why.
 *
 * ownership  counted; a snapshot in another thread keeps it
 * threads    one appender; readers of bytes that were appended before, any number
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>

typedef struct Add Add;

/* dir: the directory of this document's journal, already made, borrowed; NULL: memory. chunk 0: the default. */
bool add_new(Add **out, const char *dir, size_t chunk, SxError *err);
Add *add_retain(Add *a);
void add_release(Add *a);

/* Start keeping the bytes in `dir` from now on; what is already there is written first. */
bool add_attach(Add *a, const char *dir, SxError *err);

/* Append; *at is the offset in the add buffer. One append never spans two chunks unless it is larger than one. */
bool add_append(Add *a, SxBytes bytes, uint64_t *at, SxError *err);
uint64_t add_size(const Add *a);

/* The bytes from `at` on that lie in one piece, at least 1; the pointer stays valid as long as the Add. */
SxBytes add_at(const Add *a, uint64_t at);

bool add_sync(Add *a, SxError *err); /* fdatasync of what is new; any thread */
bool add_unprotected(const Add *a, SxError *why);
