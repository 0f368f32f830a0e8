/*
 * files.h - small files and documents for tests, and what is in them.
 */
#pragma once

#include <sextant/document.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "support/tap.h"

/* A new file of these bytes; path is a mkstemp template. */
__attribute__((unused)) static void
file_make(char *path, const void *bytes, size_t len)
{
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, bytes, len) != (ssize_t)len) {
        printf("Bail out! cannot make %s\n", path);
        exit(1);
    }
    close(fd);
}

__attribute__((unused)) static size_t
file_read(const char *path, void *buf, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, buf, size);
    if (fd >= 0)
        close(fd);
    return n < 0 ? 0 : (size_t)n;
}

__attribute__((unused)) static bool
file_is(const char *path, const char *want)
{
    char got[8192];
    size_t n = file_read(path, got, sizeof got);
    bool same = n == strlen(want) && memcmp(got, want, n) == 0;
    if (!same)
        diag("file has [%.*s], want [%s]", (int)n, got, want);
    return same;
}

__attribute__((unused)) static SxDocument *
document_of(const char *path, const SxDocumentOptions *o)
{
    SxDocument *d = NULL;
    SxError err;
    if (!sx_document_open(&d, path, o, &err)) {
        printf("Bail out! %s: %s\n", path, err.text);
        exit(1);
    }
    return d;
}

__attribute__((unused)) static bool
document_is(SxDocument *d, const char *want)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    SxError err = {0};
    bool same = sx_document_check(d, &err) && sx_document_slice(d, 0, SX_TO_END, &bytes, &len, &err) &&
                len == strlen(want) && memcmp(bytes, want, len) == 0;
    if (!same)
        diag("document has [%.*s], want [%s] %s", (int)len, (const char *)bytes, want, err.text);
    free(bytes);
    return same;
}

#define TEXT(s) sx_bytes((s), strlen(s))
