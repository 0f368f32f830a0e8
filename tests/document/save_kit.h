/*
 * save_kit.h - a directory of its own for each test program, files with known bytes, and a document on one of them.
 */
#pragma once

#include <sextant/document.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/shell.h"
#include "support/tap.h"

static char kit_top[256];

/* dir NULL: /var/tmp, which is a disk where there is one. */
__attribute__((unused)) static void
kit_begin(const char *dir)
{
    snprintf(kit_top, sizeof kit_top, "%s/sextant-save.XXXXXX", dir ? dir : "/var/tmp");
    if (!mkdtemp(kit_top)) {
        printf("Bail out! cannot make %s\n", kit_top);
        exit(EXIT_FAILURE);
    }
    chmod(kit_top, 0755);
}

static void model_free_all(void);

__attribute__((unused)) static void
kit_end(void)
{
    model_free_all();
    shell("chmod -R u+rwx '%s'; rm -rf '%s'", kit_top, kit_top);
}

/* A path in the directory; valid until sixteen more were asked for. */
__attribute__((unused)) static const char *
kit_path(const char *name)
{
    static char paths[16][512];
    static unsigned next;
    char *path = paths[next++ % 16];
    snprintf(path, sizeof paths[0], "%s/%s", kit_top, name);
    return path;
}

__attribute__((unused)) static uint8_t
kit_byte(uint64_t i)
{
    return (uint8_t)(i * 31 + (i >> 8) * 17 + 5);
}

__attribute__((unused)) static void
kit_write(const char *path, const void *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
        diag("cannot write %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
}

/* A file of `len` bytes kit_byte(0..). */
__attribute__((unused)) static const char *
kit_file(const char *name, size_t len)
{
    const char *path = kit_path(name);
    uint8_t *bytes = malloc(len + 1);
    for (size_t i = 0; i < len; i++)
        bytes[i] = kit_byte(i);
    kit_write(path, bytes, len);
    free(bytes);
    return path;
}

/* All of a file, in a new block; NULL: there is none. */
__attribute__((unused)) static uint8_t *
kit_read(const char *path, size_t *len)
{
    int fd = open(path, O_RDONLY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    uint8_t *bytes = malloc((size_t)st.st_size + 1);
    *len = (size_t)st.st_size;
    for (size_t got = 0; got < *len;) {
        ssize_t n = pread(fd, bytes + got, *len - got, (off_t)got);
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    close(fd);
    return bytes;
}

__attribute__((unused)) static bool
kit_file_is(const char *path, const uint8_t *bytes, size_t len)
{
    size_t got = 0;
    uint8_t *there = kit_read(path, &got);
    bool same = there && got == len && (len == 0 || memcmp(there, bytes, len) == 0);
    free(there);
    return same;
}

__attribute__((unused)) static bool
kit_document_is(SxDocument *d, const uint8_t *bytes, size_t len)
{
    if (sx_document_length(d) != len)
        return false;
    SxSnapshot *s = sx_document_snapshot(d);
    uint8_t *got = malloc(len + 1);
    bool same = sx_source_read(sx_snapshot_source(s), (SxSpan){0, len}, got, NULL) &&
                (len == 0 || memcmp(got, bytes, len) == 0);
    free(got);
    sx_snapshot_release(s);
    return same;
}

/* A document with a journal in `state` beside it. */
__attribute__((unused)) static SxDocument *
kit_open(const char *path)
{
    SxDocument *d = NULL;
    SxError err = {0};
    static char state[300];
    snprintf(state, sizeof state, "%s/state", kit_top);
    SxDocumentOptions o = {.access = SX_ACCESS_COPY, .state_dir = state, .create = true};
    if (!sx_document_open(&d, path, &o, &err)) {
        printf("Bail out! cannot open %s: %s\n", path, err.text);
        exit(EXIT_FAILURE);
    }
    return d;
}

/* How many files in the directory begin with a dot: what a save has left behind. */
__attribute__((unused)) static bool
kit_no_litter(void)
{
    return shell("test -z \"$(find '%s' -maxdepth 2 -type f -name '.*.[a-zA-Z0-9]*')\"", kit_top);
}

/* The bytes that the document should have, as an array that is edited beside it. */
typedef struct Model {
    uint8_t *bytes;
    size_t len;
} Model;

static uint8_t *kit_models[200]; /* freed at the end */
static unsigned kit_n_models;

__attribute__((unused)) static Model
model_new(size_t len)
{
    Model m = {malloc(len + (1 << 20)), len};
    kit_models[kit_n_models++ % 200] = m.bytes;
    for (size_t i = 0; i < len; i++)
        m.bytes[i] = kit_byte(i);
    return m;
}

static void
model_free_all(void)
{
    for (unsigned i = 0; i < kit_n_models && i < 200; i++)
        free(kit_models[i]);
}

__attribute__((unused)) static void
model_replace(Model *m, size_t at, size_t removed, const void *bytes, size_t inserted)
{
    memmove(m->bytes + at + inserted, m->bytes + at + removed, m->len - at - removed);
    if (inserted > 0)
        memcpy(m->bytes + at, bytes, inserted);
    m->len += inserted - removed;
}

/* The same edit on both. */
__attribute__((unused)) static bool
both_replace(SxDocument *d, Model *m, size_t at, size_t removed, const char *text)
{
    model_replace(m, at, removed, text, strlen(text));
    return sx_document_replace(d, (SxSpan){at, removed}, sx_bytes(text, strlen(text)), NULL);
}
