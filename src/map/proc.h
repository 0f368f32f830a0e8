/*
 * proc.h - files of the kernel's own file systems: the memory of a process, and files whose size lies.
 */
#pragma once

#include "map/file.h"
#include "map/spans.h"

/* All addresses but the last page, which is never mapped; so offset + length never wraps. */
#define PROC_MEMORY_SIZE (UINT64_MAX - 0xfff)

/* Whether fd is /proc/PID/mem. */
bool proc_is_memory(int fd);

/* Whether the size that fstat gives is not that of the content: 0 in /proc, a page in /sys. */
bool proc_size_lies(const File *f);

/* Read such a file to its end into memory, at most 64 MiB (SX_ERR_LIMIT). */
bool proc_read_all(File **out, const File *f, SxError *err);

/* The readable regions of the process whose memory `f` is, ascending. */
bool proc_regions(const File *f, Spans *out, SxError *err);
