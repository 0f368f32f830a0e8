/*
 * text_file.h - a file of results that is there whole or not at all: written beside its name, and renamed to it.
 *
 * What is no regular file (a pipe, a terminal) is written directly.
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>

typedef struct TextFile {
    char *path;
    char *beside; /* NULL: written directly */
    int fd;
} TextFile;

/* `what` names the command in the refusal of a file that is there already: SX_ERR_ASK unless `force`. */
bool text_file_open(TextFile *f, const char *path, const char *what, bool force, SxError *err);
bool text_file_write(TextFile *f, SxBytes text, SxError *err);
/* Ends in any case; `keep` false: nothing was written. */
bool text_file_close(TextFile *f, bool keep, SxError *err);
